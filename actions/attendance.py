"""The helper is there, runs late, is done; and when nobody says so, both sides are asked.

A visit twenty minutes past its start without a word is asked about on both sides; any yes starts it. When nobody
answers for another twenty minutes a coordinator is told.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from actions import asking, repair
from actions.post import Post
from actions.scene import Scene
from actions.topics import answers
from actions.upkeep import Upkeep, every_minute
from actions.words import Words
from care import asks, checkins, circle
from care.clock import between, later, local
from care.models import Contact, Helper, Visit
from nlu.helpers import HelperAct

LATE_CHOICES = (15, 30, 60)
COMING_LATE, NOT_COMING = "late", "not"


# Acts ----------------------------------------------------------------------------------------------------------------


def arrive(scene: Scene, helper: Helper, said: HelperAct) -> None:
    """The helper is there."""
    visit = checkins.nearest(scene.session, helper, scene.now, ("planned",))
    if visit is None:
        going = checkins.nearest(scene.session, helper, scene.now, ("started",))
        if going is None:
            scene.say("no_visit_near")
        else:
            scene.say("arrived_already", recipient=going.series.recipient.name)
        return
    _start(scene, visit)
    scene.say("arrived", recipient=visit.series.recipient.name, time=_clock(scene.words, scene.now))


def _start(scene: Scene, visit: Visit) -> None:
    checkins.arrive(scene.session, visit, scene.contact, scene.now)
    _take_back_questions(scene, visit)


def _take_back_questions(scene: Scene, visit: Visit) -> None:
    asks.withdraw(scene.session, scene.now, visit=visit)
    asking.drop_closed(scene)


def depart(scene: Scene, helper: Helper, said: HelperAct) -> None:
    """The helper is done, perhaps a while ago."""
    visit = checkins.nearest(scene.session, helper, scene.now, ("started",))
    visit = visit or _just_over(scene, helper)
    if visit is None:
        scene.say("no_visit_near")
        return
    at = _said_time(said.clock, scene.now) if said.clock else scene.now
    try:
        done = checkins.depart(scene.session, visit, scene.contact, scene.now, at)
    except ValueError:
        scene.say("departed_before_arrival")
        return
    _take_back_questions(scene, visit)
    course = checkins.check_in(scene.session, visit)
    if not done or course is None or course.arrived is None:
        scene.say("no_visit_near")
        return
    scene.say(
        "departed",
        recipient=visit.series.recipient.name,
        start=_clock(scene.words, course.arrived),
        end=_clock(scene.words, course.departed or at),
    )


def _just_over(scene: Scene, helper: Helper) -> Visit | None:
    """The visit of a helper who forgot to say that they were there: one that has begun."""
    visit = checkins.nearest(scene.session, helper, scene.now, ("planned",))
    return visit if visit is not None and visit.starts <= scene.now else None


def _said_time(clock: time, now: datetime) -> datetime:
    """The last moment with this clock time: at eleven "left at ten" is an hour ago, at three "at two" too."""
    moments = [
        local(datetime.combine(now.date() - timedelta(days=back), time((clock.hour + half) % 24, clock.minute)))
        for back in (0, 1)
        for half in (0, 12)
        if half == 0 or clock.hour <= 12
    ]
    return max(moment for moment in moments if between(moment, now) >= timedelta(0))


def run_late(scene: Scene, helper: Helper, said: HelperAct) -> None:
    """The helper will be later than agreed."""
    visit = checkins.nearest(scene.session, helper, scene.now, ("planned",))
    if visit is None:
        scene.say("no_visit_near")
        return
    expected = _expected(scene, visit, said)
    if expected is None:
        _ask_how_late(scene, visit)
        return
    _note_late(scene, visit, expected)


def _expected(scene: Scene, visit: Visit, said: HelperAct) -> datetime | None:
    """When the helper will be there, as said: a clock time, or minutes from the start (from now when that is over)."""
    if said.clock is not None:
        wanted = local(datetime.combine(scene.today, said.clock))
        half_a_day = timedelta(hours=12)
        return wanted if wanted >= scene.now or said.clock.hour >= 12 else wanted + half_a_day
    if said.minutes is not None:
        return later(max(visit.starts, scene.now), timedelta(minutes=said.minutes))
    return None


def _ask_how_late(scene: Scene, visit: Visit) -> None:
    options = [
        {"value": minutes, "text": scene.words.say("say_minutes", n=minutes), "names": [str(minutes)]}
        for minutes in LATE_CHOICES
    ]
    scene.ask("how_late", "choice", "ask_how_late", options, visit=visit.id)


@answers("how_late")
def on_how_late(scene: Scene) -> None:
    """Take the answer to how much later it will be."""
    visit = scene.session.get(Visit, (scene.question or {})["visit"])
    minutes = scene.answer.get("choice")
    if minutes is None:
        repair.missed(scene)
        return
    scene.settle()
    _note_late(scene, visit, later(max(visit.starts, scene.now), timedelta(minutes=int(minutes))))


def _note_late(scene: Scene, visit: Visit, expected: datetime) -> None:
    """Remember it, and tell those at home."""
    checkins.run_late(scene.session, visit, expected)
    _take_back_questions(scene, visit)
    for contact in circle.told(scene.session, visit.series, scene.now):
        scene.post.notify(
            contact,
            "helper_late",
            about=str(visit.id),
            name=scene.contact.name or "",
            time=lambda words: _clock(words, expected),
        )
    scene.say("late_noted", recipient=visit.series.recipient.name, time=_clock(scene.words, expected))


# Nobody said anything ------------------------------------------------------------------------------------------------


@every_minute
def ask_about_late_visits(upkeep: Upkeep) -> int:
    """Twenty minutes without a word: both sides are asked."""
    found = checkins.late(upkeep.session, upkeep.now)
    for visit in found:
        checkins.asked(upkeep.session, visit, upkeep.now)
        _ask_both(upkeep.post(f"late:{visit.id}"), visit)
    return len(found)


def ask_helper(post: Post, visit: Visit) -> None:
    """Ask the helper of a visit whether they are there."""
    helper: Helper = post.session.get(Helper, visit.helper_id)
    post.ask(
        helper.contact,
        "arrived",
        "yes_no",
        "are_you_there",
        visit=visit,
        keep={"visit": visit.id},
        recipient=visit.series.recipient.name,
        time=lambda words: _clock(words, visit.starts),
    )


def _ask_both(post: Post, visit: Visit) -> None:
    ask_helper(post, visit)
    helper: Helper = post.session.get(Helper, visit.helper_id)
    at_home = circle.own_contact(post.session, visit.series.recipient)
    who = at_home or circle.decider(post.session, visit.series, post.now)
    if who is not None and who.id != helper.contact_id:
        post.ask(
            who,
            "is_here",
            "yes_no",
            "is_the_helper_there",
            visit=visit,
            keep={"visit": visit.id},
            name=helper.contact.name or "",
            time=lambda words: _clock(words, visit.starts),
        )


@every_minute
def tell_the_coordinator(upkeep: Upkeep) -> int:
    """Nobody said yes for another twenty minutes: a person must find out."""
    found = checkins.unanswered(upkeep.session, upkeep.now)
    for visit in found:
        checkins.escalated(upkeep.session, visit, upkeep.now)
        _escalate(upkeep.post(f"unanswered:{visit.id}"), visit)
    return len(found)


def _escalate(post: Post, visit: Visit) -> None:
    helper: Helper = post.session.get(Helper, visit.helper_id)
    coordinator = circle.coordinator_for(post.session, helper)
    if coordinator is None:
        return
    at_home = circle.own_contact(post.session, visit.series.recipient)
    post.notify(
        coordinator,
        "nobody_there_coordinator",
        about=str(visit.id),
        name=helper.contact.name or "",
        phone=helper.contact.phone or "",
        recipient=visit.series.recipient.name,
        recipient_phone=(at_home and at_home.phone) or "–",
        when=lambda words: words.moment(visit.starts),
    )


@every_minute
def close_old_visits(upkeep: Upkeep) -> int:
    """What nobody reported for a day is taken for done."""
    return checkins.close_old(upkeep.session, upkeep.now)


@answers("arrived")
def on_arrived(scene: Scene) -> None:
    """Take the helper's answer to whether they are there."""
    if "yes" not in scene.answer:
        repair.missed(scene)
        return
    visit = _visit_asked_about(scene)
    if visit is None:
        return
    if scene.answer["yes"]:
        _start(scene, visit)
        scene.say("arrived", recipient=visit.series.recipient.name, time=_clock(scene.words, scene.now))
    else:
        options = [scene.option(COMING_LATE, "option_coming_late"), scene.option(NOT_COMING, "option_not_coming")]
        scene.ask("still_coming", "choice", "ask_still_coming", options, visit=visit.id)


@answers("still_coming")
def on_still_coming(scene: Scene) -> None:
    """Take the answer to whether the helper still comes."""
    visit = scene.session.get(Visit, (scene.question or {})["visit"])
    choice = scene.answer.get("choice")
    if choice is None:
        repair.missed(scene)
        return
    scene.settle()
    if visit.status != "planned":
        scene.say("ask_over")
    elif choice == COMING_LATE:
        _ask_how_late(scene, visit)
    else:
        _not_coming(scene, visit)


def _not_coming(scene: Scene, visit: Visit) -> None:
    """The visit does not happen: those at home and the coordinator are told at once."""
    checkins.miss(scene.session, visit, scene.contact, scene.now)
    _take_back_questions(scene, visit)
    helper: Helper = scene.session.get(Helper, visit.helper_id)
    people: list[tuple[Contact | None, str]] = [
        (contact, "visit_missed") for contact in circle.told(scene.session, visit.series, scene.now)
    ]
    people.append((circle.coordinator_for(scene.session, helper), "visit_missed_coordinator"))
    for contact, key in people:
        if contact is not None:
            scene.post.notify(
                contact,
                key,
                about=str(visit.id),
                name=helper.contact.name or "",
                recipient=visit.series.recipient.name,
                when=lambda words: words.moment(visit.starts),
            )
    scene.say("missed_noted", recipient=visit.series.recipient.name)


@answers("is_here")
def on_is_here(scene: Scene) -> None:
    """Take the answer of who is at home to whether the helper is there."""
    if "yes" not in scene.answer:
        repair.missed(scene)
        return
    visit = _visit_asked_about(scene)
    if visit is None:
        return
    if scene.answer["yes"]:
        # Since when is not known exactly: the agreed time is the best guess.
        checkins.arrive(scene.session, visit, scene.contact, scene.now, at=visit.starts)
        asks.withdraw(scene.session, scene.now, visit=visit)
        scene.say("is_here_good")
        return
    checkins.deny(scene.session, visit, scene.now)
    helper: Helper = scene.session.get(Helper, visit.helper_id)
    expect(scene.post, visit)
    scene.say("is_here_not", name=helper.contact.name or "")


def expect(post: Post, visit: Visit) -> None:
    """Tell the helper that those at home are waiting."""
    helper: Helper = post.session.get(Helper, visit.helper_id)
    post.notify(helper.contact, "expected_now", about=str(visit.id), recipient=visit.series.recipient.name)


def _visit_asked_about(scene: Scene) -> Visit | None:
    """The visit of the open question, the question answered; None, and said so, when it is settled already."""
    number = (scene.question or {})["visit"]
    ask = asking.answered(scene)
    visit: Visit | None = scene.session.get(Visit, number, populate_existing=True)
    if ask is None or visit is None or visit.status != "planned":
        scene.say("ask_over")
        return None
    return visit


def _clock(words: Words, moment: datetime) -> str:
    return words.at(local(moment).timetz().replace(tzinfo=None, second=0))
