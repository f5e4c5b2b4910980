"""The helper's side of an offered series: yes, no, no answer in time, and an answer that comes late."""

from __future__ import annotations

from datetime import timedelta

from actions import asking, reoffering, repair
from actions.phone import proof
from actions.requesting import TOPIC, first_to_come, tell_accepted
from actions.scene import Scene
from actions.topics import answers
from actions.upkeep import Upkeep, every_minute
from care import acceptance, asks
from care.models import Ask, Series
from care.needs import Need
from care.plans import Plan

LATE = timedelta(days=3)
"""So long after a question was closed a yes or no out of the blue is taken to be about it."""


@answers(TOPIC)
def on_helper_offer(scene: Scene) -> None:
    """Take the helper's yes or no; anything else gets the details, and the question once more."""
    question = scene.question or {}
    if proof.wanted(scene, TOPIC):
        # A yes tells an address.
        proof.ask(scene)
        return
    ask = scene.session.get(Ask, question["ask"])
    series = acceptance.locked(scene.session, ask.series_id)
    if ("yes" not in scene.answer and not scene.answer.get("drop")) or _only_some_days(scene, series):
        # "Only from December": the recipient was promised a yes or a no to just this.
        repair.missed(scene, "helper_offer_plainly")
        return
    if asking.answered(scene) is None:
        _say_settled(scene, series, ask)
    elif scene.answer.get("yes"):
        _accept(scene, series)
    else:
        _decline(scene, series)


def _only_some_days(scene: Scene, series: Series) -> bool:
    """Whether a no is about some days only of help that goes on: "I cannot make the third"."""
    refuses = "yes" in scene.answer and not scene.answer["yes"]
    some = bool(scene.target_said.dates) or (scene.work is not None and bool(scene.work.spans))
    return refuses and some and Need.from_json(series.need).schedule.rrule is not None


def _accept(scene: Scene, series: Series) -> None:
    if acceptance.accept(scene.session, series.id, scene.contact, scene.now):
        say_accepted(scene, series)
        tell_accepted(scene.post, series)
    else:
        scene.say("helper_offer_gone", recipient=series.recipient.name)


def _decline(scene: Scene, series: Series) -> None:
    if acceptance.decline(scene.session, series.id, scene.contact, scene.now):
        reoffering.propose_next(scene.post, series, "declined")
    scene.say("helper_declined")


def say_accepted(scene: Scene, series: Series) -> None:
    """Tell the helper who said yes where to go, and when."""
    words, address = scene.words, series.recipient.address
    scene.state["last_deed"] = {"kind": "accepted", "series": series.id, "at": scene.now.isoformat()}
    scene.say(
        "helper_accepted",
        service=scene.service_name(series.service),
        recipient=series.recipient.name,
        address=f"{address.street} {address.number}, {address.town}",
        when=words.plan(Need.from_json(series.need).schedule, Plan.from_json(series.plan)),
        first=words.moment(first_to_come(scene.session, series, scene.now), scene.today),
    )


# Late answers --------------------------------------------------------------------------------------------------------


def late_answer(scene: Scene, *, yes: bool) -> bool:
    """Take a yes or no that answers a question which is open no longer; whether there was one.

    A yes still counts as long as nobody else was asked.
    """
    ask = asks.latest_closed(scene.session, scene.contact, TOPIC, scene.now - LATE)
    if ask is None or ask.status not in ("expired", "withdrawn"):
        return False
    if proof.wanted(scene, TOPIC):
        proof.ask(scene)
        return True
    assert ask.series_id is not None  # noqa: S101 - a question on this topic is about a series
    series = acceptance.locked(scene.session, ask.series_id)
    if not yes:
        scene.say("helper_declined")
    elif ask.status == "expired" and _taken_up_again(scene, series):
        say_accepted(scene, series)
        tell_accepted(scene.post, series)
    else:
        _say_settled(scene, series, ask)
    return True


def _taken_up_again(scene: Scene, series: Series) -> bool:
    """Accept a series that lapsed, when who asked for it has not chosen somebody else yet."""
    waiting = reoffering.waiting_for_choice(scene.session, series)
    if waiting is None or not acceptance.accept(scene.session, series.id, scene.contact, scene.now):
        return False
    asks.close(scene.session, waiting, "withdrawn", scene.now)
    return True


def _say_settled(scene: Scene, series: Series, ask: Ask) -> None:
    """Tell who answers too late what became of the question."""
    if series.status == "active":
        scene.say("helper_offer_settled", recipient=series.recipient.name)
    elif ask.status == "expired":
        scene.say("helper_offer_late", recipient=series.recipient.name)
    else:
        scene.say("helper_offer_gone", recipient=series.recipient.name)


# What the clock causes -----------------------------------------------------------------------------------------------


@every_minute
def remind(upkeep: Upkeep) -> int:
    """Remind those who have not answered about a series."""
    due = asks.to_remind(upkeep.session, upkeep.now, topics=(TOPIC, *reoffering.TOPICS))
    for ask in due:
        upkeep.post(f"remind:{ask.id}").ask_once_more(ask, "offer_reminder")
    return len(due)


@every_minute
def give_up(upkeep: Upkeep) -> int:
    """Give up a question to a helper whose time is over, and propose others to who asked for the help."""
    found = acceptance.overdue(upkeep.session, upkeep.now, TOPIC)
    if found is None:
        return 0
    ask, series = found
    if ask.status != "open":
        return 1
    asks.close(upkeep.session, ask, "expired", upkeep.now)
    post = upkeep.post(f"lapse:{ask.id}")
    if acceptance.lapse(upkeep.session, series, upkeep.now):
        post.notify(ask.contact, "helper_offer_expired", recipient=series.recipient.name)
        reoffering.propose_next(post, series, "lapsed")
    return 1
