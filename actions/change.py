"""Changing visits that stand: another day, time, length or person, once or from now on.

The new visits are looked for as if the old ones were gone, and both happen in one transaction, so that nobody is left
without help in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions import handover, notice, offering, repair, splitting, wishes
from actions.base import CareAction
from actions.choosing import helper_options
from actions.confirming import correct
from actions.drafts import OpenDraft
from actions.notices import tell_home_of_change, tell_of_booking, tell_of_end, tell_of_visits, withdraw_questions
from actions.requesting import ask_helper
from actions.scene import Json, Scene
from actions.topics import answers
from actions.visits import AHEAD, coming, of_helper
from care import acceptance, booking
from care.matching import Offer
from care.mending import mend
from care.models import Series
from care.needs import Need, Preferences
from care.offers import offers_for
from care.people import recipients_for
from care.plans import WEEKDAY_CODES, Plan
from care.schedule import Schedule
from care.splitting import need_apart
from care.visits import VisitLine, move_visits
from nlu.reading import Target

ABOUT = ("need", "series", "scope", "ids", "days")
"""What the questions about a change remember of it."""


class ActionChange(CareAction):
    """Visits are to be moved or changed."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_change"

    def play(self, scene: Scene) -> None:
        """Mend an open draft; else find the visits meant and ask what is unclear."""
        said = next(iter(scene.reading.needs or scene.needs_said), None)
        draft = OpenDraft.find(scene)
        if draft and draft.items and said:
            correct(scene, draft, said)
        else:
            begin(scene, scene.reading.target, said, other=scene.another_helper)


def begin(
    scene: Scene, target: Target, said: Need | None, series_id: int | None = None, *, other: bool = False
) -> None:
    """Change what the target means to what was said, or with `other` to another helper; asks where it is unclear."""
    lines = [line for line in _lines(scene, target, said) if series_id in (None, line.series)]
    if not target.dates:
        lines = _of_running_series(scene, lines)
    lines = of_helper(lines, scene.turn.text) if series_id is None else lines
    said = wishes.shifted(scene, wishes.of_who_comes(said, lines), lines)
    ids = list(dict.fromkeys(line.series for line in lines))
    about = {"target": target.to_json(), "said": said.to_json() if said else {}, "other": other}
    if not lines:
        scene.settle()
        scene.say("skip_nothing")
    elif len(ids) > 1:
        firsts = [next(line for line in lines if line.series == number) for number in ids[:3]]
        options: list[Json] = [{"value": str(line.series), "text": scene.service_name(line.service)} for line in firsts]
        scene.ask("change_which", "choice", "ask_which_service", options, **about)
    elif not other and (said is None or wishes.says_nothing(said)):
        options = [scene.option("time", "option_other_time"), scene.option("helper", "option_other_helper")]
        scene.ask("change_how", "schedule", "change_unclear", options, of=lines[0].service, series=ids[0], **about)
    else:
        series = scene.session.get(Series, ids[0])
        scope = "once" if series.need["rrule"] is None else target.scope
        days = splitting.days_meant(scene, series, target, said) if scope == "series" else []
        swap = splitting.days_to_swap(scene, series, target, said) if scope == "series" and said else None
        if said and swap is not None and not swap:
            wishes.ask_which_day(scene, series, about | {"series": series.id})
        elif said and swap:
            said = splitting.with_days_swapped(scene, series, said, swap)
            _propose(scene, series, lines, said, "series", other=other)
        elif said and days and splitting.possible(series, said, days):
            _propose(scene, series, lines, said, "days", other=other, days=days)
        elif days:
            wishes.ask_which_days(scene, about | {"series": series.id})
        elif scope in ("once", "series"):
            _propose(scene, series, lines, said or Need(None, Schedule()), scope, other=other)
        else:
            options = [scene.option("once"), scene.option("series", "option_from_now_on")]
            service = scene.service_name(series.service)
            scene.ask("change_scope", "choice", "ask_scope_change", options, service=service, series=series.id, **about)


@answers("change_day")
def on_day(scene: Scene) -> None:
    """Take the answer to which day goes to the new one."""
    question = scene.question or {}
    choice = scene.answer.get("choice")
    if choice not in (*WEEKDAY_CODES, "all"):
        repair.missed(scene)
        return
    scene.settle()
    series = scene.session.get(Series, question["series"])
    said = Need.from_json(question["said"])
    lines = [line for line in coming(scene, scene.today, AHEAD) if line.series == series.id and line.start > scene.now]
    if choice != "all":
        said = splitting.with_days_swapped(scene, series, said, [choice])
    _propose(scene, series, lines, said, "series", other=question["other"])


@answers("change_days")
def on_days(scene: Scene) -> None:
    """Take the answer to which days should change."""
    question = scene.question or {}
    target, said = Target.from_json(question["target"]), Need.from_json(question["said"])
    choice = scene.answer.get("choice")
    if choice not in ("once", "all", "human"):
        repair.missed(scene)
        return
    scene.settle()
    if choice == "human":
        handover.call_me(scene, "why_stuck")
    elif choice == "once":
        begin(scene, replace(target, scope="once"), said, question["series"], other=question["other"])
    else:
        said = replace(said, schedule=replace(said.schedule, rrule=None, dtstart=None))
        target = replace(target, dates=(), scope="series")
        begin(scene, target, said, question["series"], other=question["other"])


def _lines(scene: Scene, target: Target, said: Need | None) -> list[VisitLine]:
    """The visits to come that can be meant."""
    service = target.service or (said.service if said else None)
    own = {recipient.id for recipient in recipients_for(scene.session, scene.contact, scene.now, "act")}
    lines = [
        line
        for line in coming(scene, scene.today, AHEAD)
        if line.start > scene.now and line.recipient_id in own and service in (None, line.service)
    ]
    on_days = [line for line in lines if line.start.date() in target.dates]
    return on_days or lines


def _of_running_series(scene: Scene, lines: Sequence[VisitLine]) -> list[VisitLine]:
    """Of visits that nothing tells apart, those of recurring help where there is any: single ones go by their date."""
    running = {line.series for line in lines if scene.session.get(Series, line.series).need["rrule"] is not None}
    return [line for line in lines if not running or line.series in running]


def _propose(
    scene: Scene,
    series: Series,
    lines: Sequence[VisitLine],
    said: Need,
    scope: str,
    *,
    other: bool,
    days: Sequence[str] = (),
) -> None:
    """Look for the same helper at the new time, as if the old visits were gone."""
    if scope == "days":
        need = need_apart(series, said.schedule, days, scene.now)
        need = replace(need, preferences=Preferences(**{**need.preferences.to_json(), **said.preferences.to_json()}))
    else:
        need = _new_need(scene, series, lines, said, scope)
    ids = _visits_to_move(scene, series, lines, scope, days)
    helper = lines[0].helper
    same = replace(need, preferences=replace(need.preferences, helper_name=helper))
    # Who asks for another person does not want the same one.
    wants_other = other or said.preferences != Preferences()
    found = [] if wants_other else _offers(scene, series, ids, same)
    about = {"need": need.to_json(), "series": series.id, "scope": scope, "ids": ids, "days": list(days)}
    if found and wishes.as_it_is(series, found[0], lines, scope):
        wishes.ask_what_instead(scene, series, lines[0], scope)
    elif found:
        _read_back(scene, found[0], about)
    elif wants_other:
        _offer_others(scene, series, need, about)
    else:
        scene.ask_yes_no("change_other", "change_not_free", name=helper, **about)


def _read_back(scene: Scene, offer: Offer, about: Json) -> None:
    """Say what it will be, and ask whether that is right."""
    need = Need.from_json(about["need"])
    notice.warn(scene, about["ids"])
    scene.ask_yes_no(
        "change_confirm",
        "split_confirm" if about["scope"] == "days" else "change_confirm",
        day_names=splitting.named(scene, about["days"]),
        service=scene.service_name(need.service).capitalize(),
        when=scene.words.plan(need.schedule, offer.plan),
        name=offer.helper_name,
        offer=offer.to_json(),
        **about,
    )


def _new_need(scene: Scene, series: Series, lines: Sequence[VisitLine], said: Need, scope: str) -> Need:
    """What is wanted instead: the clock times and length agreed stay unless others were said."""
    plan, old = Plan.from_json(series.plan), Need.from_json(series.need)
    schedule = old.schedule
    if not schedule.times:
        schedule = replace(schedule, times=plan.times, window=None, daypart=None)
    schedule = replace(schedule, duration_minutes=plan.minutes)
    if scope == "series":
        return mend(
            replace(old, schedule=schedule, preferences=said.preferences, ask=()),
            replace(said, service=None),
            scene.now,
        )
    day = said.schedule.dtstart if said.schedule.dtstart else lines[0].start.date()
    once = Schedule(dtstart=day, times=schedule.times, duration_minutes=plan.minutes)
    told = replace(said, service=None, schedule=replace(said.schedule, rrule=None, dtstart=day))
    return mend(Need(series.service, once, said.preferences), told, scene.now)


def _visits_to_move(
    scene: Scene, series: Series, lines: Sequence[VisitLine], scope: str, days: Sequence[str] = ()
) -> list[int]:
    if scope in ("series", "days"):
        ahead = [line for line in coming(scene, scene.today, AHEAD) if line.start > scene.now]
        return splitting.visits_on(ahead, series, days or WEEKDAY_CODES)
    first: date = lines[0].start.date()
    return [line.visit for line in lines if line.start.date() == first]


def _offers(scene: Scene, series: Series, ids: Sequence[int], need: Need, exclude: Sequence[int] = ()) -> list[Offer]:
    """Offers for the new need, with the old visits out of the way while looking."""
    looking = scene.session.begin_nested()
    move_visits(scene.session, ids, scene.contact, scene.now)
    found = offers_for(
        scene.session, series.recipient, need, scene.now, limit=offering.MOST, exclude_helpers=tuple(exclude)
    )
    looking.rollback()
    return found


def _offer_others(scene: Scene, series: Series, need: Need, about: Json) -> None:
    found = _offers(scene, series, about["ids"], need, exclude=(series.helper_id,))
    if not found:
        scene.settle()
        scene.say("offers_no_more", service=scene.service_name(series.service))
        scene.say("kept")
        return
    when = scene.words.when(need.schedule)
    scene.say("offers_head", service=scene.service_name(series.service), when=when)
    for number, offer in enumerate(found, start=1):
        scene.say_line(offering.offer_line(scene, offer, number))
    options = helper_options(found)
    key, again = ("offers_ask_one", "offers_ask_one_again") if len(found) == 1 else ("offers_ask", "offers_ask_again")
    about |= {"again": again}
    scene.ask("change_pick", "choice", key, options, offers=[offer.to_json() for offer in found], **about)


# Answers -------------------------------------------------------------------------------------------------------------


@answers("change_which", "change_how", "change_scope")
def on_detail(scene: Scene) -> None:
    """Take the answer to what should change, or how, or for how long."""
    question = scene.question or {}
    target = Target.from_json(question["target"])
    said = Need.from_json(question["said"]) if question.get("said") else None
    series_id = question.get("series")
    choice = scene.answer.get("choice")
    other = bool(question.get("other")) or scene.another_helper
    if question["topic"] == "change_which" and choice:
        series_id = int(choice)
    elif question["topic"] == "change_how" and choice == "time":
        service = scene.service_name(question["of"])
        about = {name: question[name] for name in ("target", "said", "other", "of", "series")}
        scene.ask("change_how", "schedule", "ask_new_time", service=service, **about)
        return
    elif question["topic"] == "change_how" and choice == "helper":
        other = True
    elif question["topic"] == "change_how" and "need" in scene.answer:
        said = Need.from_json(scene.answer["need"])
    elif question["topic"] == "change_scope" and choice:
        target = replace(target, scope=choice)
    else:
        repair.missed(scene)
        return
    scene.settle()
    begin(scene, target, said, series_id, other=other)


@answers("change_other")
def on_other(scene: Scene) -> None:
    """Take the answer to whether someone else may come at the new time."""
    question = scene.question or {}
    scene.settle()
    if scene.answer.get("yes"):
        about = {name: question[name] for name in ABOUT}
        _offer_others(scene, scene.session.get(Series, question["series"]), Need.from_json(question["need"]), about)
    else:
        scene.say("kept")


@answers("change_pick")
def on_pick(scene: Scene) -> None:
    """Take the choice of another helper for the new time."""
    question = scene.question or {}
    choice = question["offers"][0]["helper_id"] if scene.answer.get("any") else scene.answer.get("choice")
    chosen = [offer for offer in question["offers"] if str(offer["helper_id"]) == str(choice)]
    if chosen:
        about = {name: question[name] for name in ABOUT}
        scene.settle()
        _read_back(scene, Offer.from_json(chosen[0]), about)
    elif "need" in scene.answer:
        need = mend(Need.from_json(question["need"]), Need.from_json(scene.answer["need"]), scene.now)
        series = scene.session.get(Series, question["series"])
        _offer_others(scene, series, need, {name: question[name] for name in ABOUT} | {"need": need.to_json()})
    elif scene.answer.get("none"):
        scene.settle()
        scene.say("kept")
    else:
        repair.missed(scene)


@answers("change_confirm")
def on_confirm(scene: Scene) -> None:
    """Take the answer to the read-back of the change."""
    question = scene.question or {}
    if "need" in scene.answer:
        scene.settle()
        said, days = Need.from_json(scene.answer["need"]), question.get("days")
        if days and not (said.schedule.rrule or said.schedule.dtstart):
            # "No, at twelve" is still about the same days.
            said = replace(said, schedule=replace(said.schedule, rrule=f"FREQ=WEEKLY;BYDAY={','.join(days)}"))
        target = Target(scope="series" if days else question["scope"])
        begin(scene, target, said, question["series"])
    elif scene.answer.get("yes"):
        (splitting.carry_out if question["scope"] == "days" else _carry_out)(scene, question, question["offer"])
    else:
        scene.settle()
        scene.say("kept")


def _carry_out(scene: Scene, question: Json, chosen: Json) -> None:
    """End or move the old visits and book the new ones, or neither.

    A helper who comes already is told of the new time, which is one of theirs; anybody else is asked first.
    """
    series = acceptance.locked(scene.session, question["series"])
    offer = Offer.from_json(chosen)
    whole = question["scope"] == "series"
    same = offer.helper_id == series.helper_id
    agreed = same and series.accepted is not None
    scene.settle()
    both = scene.session.begin_nested()
    moved = move_visits(scene.session, question["ids"], scene.contact, scene.now)
    if whole:
        booking.end_series(scene.session, series, scene.contact, scene.now, why="changed")
    try:
        new = booking.book(
            scene.session,
            recipient=series.recipient,
            requested_by=scene.contact,
            need=Need.from_json(question["need"]),
            offer=offer,
            request_key=scene.key("change"),
            now=scene.now,
            offered=not agreed,
        )
    except booking.SlotTaken:
        both.rollback()
        scene.say("slot_taken", name=offer.helper_name)
        scene.say("kept")
        return
    both.commit()
    scene.state["last_deed"] = {
        "kind": "changed",
        "series": [new.id],
        "ended": [series.id] if whole else [],
        "visits": [visit.id for visit in moved],
        "at": scene.now.isoformat(),
    }
    asked_before = whole and not agreed and same and withdraw_questions(scene, series) is not None
    if whole and moved and not asked_before:
        tell_of_end(scene, series, moved[0].starts)
    elif whole:
        withdraw_questions(scene, series)
    elif moved:
        tell_of_visits(scene, "helper_skip", [visit.id for visit in moved])
    tell_home_of_change(scene, new)
    if agreed:
        tell_of_booking(scene, new)
        scene.say("changed")
    else:
        until = ask_helper(scene.post, new, changed=asked_before)
        scene.say("changed_asked", names=offer.helper_name, until=scene.words.moment(until, scene.today))
