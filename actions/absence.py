"""A helper is ill, away, or back: recorded, their visits taken care of, and everybody told.

An illness of today is acted on at once: who is ill may not look at the phone again. Anything later is read back first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from actions import substituting
from actions.scene import Scene
from actions.topics import answers
from actions.words import Words
from care import absences, circle, daily, substitutes
from care.clock import local
from care.eligibility import named
from care.models import Contact, Helper, Visit
from care.visits import midnight
from nlu.helpers import HelperAct
from nlu.reading import Target

UNTIL = "away_until"
"""The topic of the question until when somebody is away."""
MOST_NAMED = 4

Span = tuple[datetime, datetime]


def day_after(day: date) -> datetime:
    """The moment a local date ends."""
    return midnight(day + timedelta(days=1))


def target_of(said: HelperAct, today: date) -> Target:
    """The same dates as which visits are meant, for somebody who means the help they get."""
    first, last = (said.spans or ((today, today),))[0][0], (said.spans or ((today, today),))[-1][1]
    return Target(from_=first, until=last, scope="period")


def spans_of(said: HelperAct, now: datetime) -> list[Span]:
    """When somebody is away: whole local days, or the part of the one day that was named; nothing that is over."""
    found = []
    for first, last in said.spans:
        starts, ends = midnight(first), day_after(last)
        if said.window is not None and first == last and said.window[0] < said.window[1]:
            starts, ends = (local(datetime.combine(first, edge)) for edge in said.window)
        if ends > now:
            found.append((max(starts, now), ends))
    return found


def tell(scene: Scene, helper: Helper, said: HelperAct) -> None:
    """The helper is ill or away."""
    spans = spans_of(said, scene.now)
    at_once = said.act == "ill" or said.other == "ill"
    if not spans and at_once and not said.spans:
        _record(scene, helper, [(scene.now, day_after(scene.today))])
        _ask_until(scene, helper)
    elif not spans:
        scene.say("absence_past")
    elif at_once and spans[0][0] <= scene.now:
        scene.say("absence_done", **_record(scene, helper, spans))
    else:
        _read_back(scene, helper, spans)


def _ask_until(scene: Scene, helper: Helper) -> None:
    options = [scene.option("only_today"), scene.option("unknown_end")]
    own = helper.contact_id == scene.contact.id
    key = "ask_away_until" if own else "ask_away_until_other"
    scene.ask(UNTIL, "choice", key, options, helper=helper.id, name=helper.contact.name or "")


def _read_back(scene: Scene, helper: Helper, spans: Sequence[Span]) -> None:
    """Say when, and which visits that touches, and ask whether it is right."""
    visits = [visit for span in spans for visit in absences.affected(scene.session, helper, *span, scene.now)]
    own = helper.contact_id == scene.contact.id
    scene.ask_yes_no(
        "absence",
        "absence_confirm" if own else "absence_confirm_other",
        name=helper.contact.name or "",
        when=_when(scene.words, spans),
        visits=touched(scene.words, visits),
        helper=helper.id,
        spans=[[edge.isoformat() for edge in span] for span in spans],
    )


@answers("absence")
def on_absence(scene: Scene) -> None:
    """Take the answer to the read-back of an absence."""
    question = scene.question or {}
    scene.settle()
    if not scene.answer.get("yes"):
        scene.say("kept")
        return
    spans = [(local(datetime.fromisoformat(one)), local(datetime.fromisoformat(two))) for one, two in question["spans"]]
    scene.say("absence_done", **_record(scene, scene.session.get(Helper, question["helper"]), spans))


def take_until(scene: Scene) -> bool:
    """Take "until Thursday", "Thursday" as the answer to until when somebody is away; False when no date was said."""
    target = scene.target_said
    last = target.until or max(target.dates, default=None)
    if last is None:
        return False
    helper = scene.session.get(Helper, (scene.question or {})["helper"])
    scene.settle()
    if last < scene.today:
        scene.say("absence_past")
    else:
        scene.say("absence_done", **_record(scene, helper, [(scene.now, day_after(last))]))
    return True


@answers(UNTIL)
def on_until(scene: Scene) -> None:
    """Take the options of until when somebody is away."""
    from actions import repair  # its own questions come back here

    choice = scene.answer.get("choice")
    if choice is None and not scene.answer.get("none"):
        repair.missed(scene)
        return
    helper = scene.session.get(Helper, (scene.question or {})["helper"])
    scene.settle()
    if choice == "only_today":
        scene.say("absence_done", **_record(scene, helper, [(scene.now, day_after(scene.today))]))
    else:
        last = scene.today + daily.AWAY_WITHOUT_END
        said = _record(scene, helper, [(scene.now, day_after(last))])
        scene.say("absence_done_open", **{**said, "until": scene.words.date(last)})


def _record(scene: Scene, helper: Helper, spans: Sequence[Span]) -> dict[str, str]:
    """Record the absence, begin the search for substitutes, and tell who did not say it themselves; what to say."""
    visits: list[Visit] = []
    for starts, ends in spans:
        away = absences.record(scene.session, helper, starts, ends, by=scene.contact, now=scene.now)
        visits += away.visits
    for search in substitutes.asked_for(scene.session, helper):
        substituting.decline_when_away(scene.post, search, spans)
    for search in substitutes.open_for(scene.session, visits, scene.now):
        substituting.go_on(scene.post, search)
    scene.state["last_deed"] = {"kind": "away", "helper": helper.id, "at": scene.now.isoformat()}
    _tell_others(scene, helper, spans, visits)
    return {
        "name": helper.contact.name or "",
        "when": _when(scene.words, spans),
        "visits": touched(scene.words, visits),
    }


def _tell_others(scene: Scene, helper: Helper, spans: Sequence[Span], visits: Sequence[Visit]) -> None:
    """The coordinator, and the helper when somebody else said it."""
    people: list[tuple[Contact | None, str]] = [(circle.coordinator_for(scene.session, helper), "absence_coordinator")]
    people.append((helper.contact, "absence_helper"))
    for contact, key in people:
        if contact is not None and contact.id != scene.contact.id:
            scene.post.notify(
                contact,
                key,
                about=f"{helper.id}:{spans[0][0].isoformat()}",
                due=daily.write_at(scene.now, visits[0].starts if visits else spans[0][0]),
                name=helper.contact.name or "",
                when=lambda words: _when(words, spans),
                visits=lambda words: touched(words, visits),
            )


def _when(words: Words, spans: Sequence[Span]) -> str:
    """The dates of an absence in words."""
    return words.listed([_stretch(words, starts, ends) for starts, ends in spans])


def _stretch(words: Words, starts: datetime, ends: datetime) -> str:
    first, last = local(starts).date(), local(ends - timedelta(seconds=1)).date()
    if first == last:
        return words.date(first)
    return words.say("from_to_dates", first=words.date(first), last=words.date(last))


def touched(words: Words, visits: Sequence[Visit]) -> str:
    """How many visits are touched, and which when they are few."""
    if not visits:
        return words.say("no_visits_touched")
    if len(visits) > MOST_NAMED:
        return words.say("visits_touched_many", n=len(visits))
    named_ones = [
        words.say("visit_at", when=words.moment(visit.starts), recipient=visit.series.recipient.name)
        for visit in visits
    ]
    return words.say("visits_touched", visits=words.listed(named_ones))


# Back ----------------------------------------------------------------------------------------------------------------


def come_back(scene: Scene, helper: Helper, said: HelperAct) -> None:
    """The helper is there again, or the absence to come is off."""
    first = said.spans[0][0] if said.spans else scene.today
    _, back = end_absence(scene, helper, midnight(first) if first > scene.today else None)
    if back is None:
        scene.say("absence_none")
    elif back:
        scene.say("absence_over", visits=touched(scene.words, back))
    else:
        scene.say("absence_over_nothing")


def end_absence(scene: Scene, helper: Helper, since: datetime | None = None) -> tuple[Helper, list[Visit] | None]:
    """End the absence under way (perhaps at a moment to come) or the next one; the visits that came back, None when
    there was no absence.
    """
    absence, back = absences.come_back(scene.session, helper, by=scene.contact, now=scene.now, since=since)
    if absence is None:
        return helper, None
    for search in substitutes.of_absent(scene.session, helper):
        substituting.take_back(scene.post, search, {visit.id for visit in back})
    substituting.tell_back(scene.post, helper, back)
    if helper.contact_id != scene.contact.id:
        scene.post.notify(helper.contact, "absence_over_helper", visits=lambda words: touched(words, back))
    return helper, back


def undo(scene: Scene, helper_id: int) -> None:
    """The absence that was recorded last is taken back."""
    _, back = end_absence(scene, scene.session.get(Helper, helper_id))
    scene.say("absence_none" if back is None else "absence_undone")


def named_helper(scene: Scene) -> Helper | None:
    """The helper whom the speaker answers for and whose name is in the message; None when there is none, or several."""
    text = scene.turn.text
    folded = "".join(sign if sign.isalnum() or sign.isspace() else " " for sign in text).casefold().split()
    helpers = [
        *circle.helpers_of(scene.session, scene.contact),
        *circle.neighbours_named(scene.session, scene.contact, folded),
    ]
    whole = [one for one in helpers if (one.contact.name or "-").casefold() in " ".join(folded)]
    found = whole or [one for one in helpers if any(named(_first_name(one), word) for word in folded if len(word) > 2)]
    return found[0] if len(found) == 1 else None


def _first_name(helper: Helper) -> str:
    return (helper.contact.name or "").split(" ")[0]
