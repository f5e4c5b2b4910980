"""When a helper does not come: who asked for the help hears it at once, and chooses from the next offers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actions import asking, handover, offering, repair
from actions.choosing import helper_choices, helper_options
from actions.post import Post
from actions.requesting import ask_helper, local_coordinator, neutral, parties
from actions.scene import Json, Scene
from actions.topics import answers
from actions.upkeep import Upkeep, every_minute
from actions.words import Words
from care import acceptance, asks, booking, patience
from care.clock import local
from care.desk import need_now
from care.matching import Offer
from care.mending import mend
from care.models import Ask, Contact, Series
from care.needs import Need
from care.offers import offers_for

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CHOICE, NOBODY = "next_offer", "next_nobody"
TOPICS = (CHOICE, NOBODY)
"""The questions put to who asked for the help."""


@dataclass(frozen=True)
class Speaker:
    """As much of a scene as it takes to word an offer to somebody who is not talking."""

    words: Words


def waiting_for_choice(session: Session, series: Series) -> Ask | None:
    """The open question about who shall come instead of the helper of a series, locked; None when it is settled."""
    for topic in TOPICS:
        ask = asks.open_about(session, series, topic)
        if ask is not None:
            return asks.locked(session, ask.id)
    return None


def propose_next(post: Post, series: Series, how: str) -> None:
    """Tell who asked for the help that the helper of `series` does not come, and ask whom to ask next.

    `how` is `declined`, `lapsed`, or `met` when they met and it did not suit.
    """
    booker: Contact = post.session.get(Contact, series.created_by_id)
    need = need_now(series, local(post.now))
    found = _look(post.session, series, need, post)
    about: Json = {
        "name": series.helper.contact.name or "",
        "what": neutral(series.service),
        "when": lambda words: words.when(need.schedule),
    }
    for contact in parties(post.session, series):
        if contact.id != booker.id:
            post.notify(contact, f"offer_{how}_told", about=str(series.id), **about)
    by = patience.choose_by(post.now)
    remind_at = patience.remind_at(post.now, by)
    if not found:
        keep = {"series": series.id, "again": "next_nobody_again"}
        key = f"next_nobody_{how}"
        post.ask(
            booker,
            NOBODY,
            "yes_no",
            key,
            about=str(series.id),
            series=series,
            keep=keep,
            remind_at=remind_at,
            expires=by,
            **about,
        )
        return
    post.ask(
        booker,
        CHOICE,
        "choice",
        f"next_offer_{how}",
        choices=helper_choices(found),
        about=str(series.id),
        series=series,
        keep=_kept(series, need, found),
        offers=lambda words: _lines(words, found),
        remind_at=remind_at,
        expires=by,
        **about,
    )


def _look(session: Session, series: Series, need: Need, at: Post | Scene, shown: Collection[int] = ()) -> list[Offer]:
    """Offers of other helpers, who did not decline this need, and who are not among those `shown` already."""
    exclude = acceptance.refused(session, series.recipient, need, at.now) | {series.helper_id, *shown}
    return offers_for(session, series.recipient, need, at.now, limit=offering.MOST, exclude_helpers=exclude)


def _kept(series: Series, need: Need, found: Sequence[Offer]) -> Json:
    """What the taker of the answer must know."""
    return {
        "series": series.id,
        "need": need.to_json(),
        "of": series.service,
        "offers": [offer.to_json() for offer in found],
        "shown": [offer.helper_id for offer in found],
        "again": "offers_ask_again",
    }


def _lines(words: Words, found: Sequence[Offer]) -> str:
    speaker: Any = Speaker(words)
    return "\n".join(offering.offer_line(speaker, offer, number) for number, offer in enumerate(found, start=1))


# The answers ---------------------------------------------------------------------------------------------------------


@answers(CHOICE)
def on_next_offer(scene: Scene) -> None:
    """Take the choice of the next helper to ask, a wish about who it should be, or "nobody"."""
    question, answer = scene.question or {}, scene.answer
    offers = question["offers"]
    choice = offers[0]["helper_id"] if answer.get("any") or answer.get("yes") else answer.get("choice")
    chosen = [offer for offer in offers if str(offer["helper_id"]) == str(choice)]
    if chosen:
        _read_back(scene, Offer.from_json(chosen[0]))
    elif "need" in answer:
        need = mend(Need.from_json(question["need"]), Need.from_json(answer["need"]), scene.now)
        _propose_here(scene, need, shown=())
    elif answer.get("none"):
        _propose_here(scene, Need.from_json(question["need"]), shown=question["shown"])
    elif answer.get("drop"):
        _leave(scene)
    else:
        repair.missed(scene)


def _read_back(scene: Scene, offer: Offer) -> None:
    question = scene.question or {}
    need = Need.from_json(question["need"])
    scene.ask_yes_no(
        "next_confirm",
        "next_confirm",
        when=scene.words.plan(need.schedule, offer.plan),
        name=offer.helper_name,
        helper_kind=offering.kind_of(scene, offer),
        price=scene.words.price(offer.price_cents, offer.currency),
        service=scene.service_name(need.service),
        chosen=offer.to_json(),
        **_same(question),
    )


def _same(question: Json) -> Json:
    """What every question of this kind takes along from the one before."""
    return {name: question[name] for name in ("ask", "series", "need", "offers", "shown")}


def _propose_here(scene: Scene, need: Need, shown: Collection[int]) -> None:
    """Look for (other) helpers in the turn of who asked for the help, and ask whom to ask."""
    question = scene.question or {}
    series = scene.session.get(Series, question["series"])
    found = _look(scene.session, series, need, scene, shown)
    service = scene.service_name(need.service)
    about = _same(question) | {"need": need.to_json(), "service": service}
    if not found:
        scene.say("offers_no_more", service=service)
        again = "next_nobody_again"
        scene.ask_yes_no(NOBODY, again, again=again, **about)
        return
    when = scene.words.when(need.schedule)
    scene.say("offers_head", service=service, when=when)
    scene.say_line(_lines(scene.words, found))
    about |= {"offers": [offer.to_json() for offer in found], "of": need.service}
    about["shown"] = [*shown, *(offer.helper_id for offer in found)]
    scene.ask(CHOICE, "choice", "next_offer_whom", helper_options(found), again="offers_ask_again", **about)


@answers("next_confirm")
def on_next_confirm(scene: Scene) -> None:
    """Take the answer to the read-back: on a yes the next helper is asked."""
    question = scene.question or {}
    if "need" in scene.answer:
        need = mend(Need.from_json(question["need"]), Need.from_json(scene.answer["need"]), scene.now)
        _propose_here(scene, need, shown=())
    elif scene.answer.get("yes"):
        _ask_next(scene, question)
    elif "yes" in scene.answer:
        _propose_here(scene, Need.from_json(question["need"]), shown=[question["chosen"]["helper_id"]])
    elif scene.answer.get("drop"):
        _leave(scene)
    else:
        repair.missed(scene)


def _ask_next(scene: Scene, question: Json) -> None:
    """Offer the help to the helper who was chosen; when they were taken meanwhile, propose others."""
    session = scene.session
    before = acceptance.locked(session, question["series"])
    if asks.locked(session, question["ask"]) is None:
        asking.answered(scene)
        _say_settled(scene, before)
        return
    offer = Offer.from_json(question["chosen"])
    need = Need.from_json(question["need"])
    try:
        series = booking.book(
            session,
            recipient=before.recipient,
            requested_by=scene.contact,
            need=need,
            offer=offer,
            request_key=scene.key(f"next:{before.id}"),
            now=scene.now,
            offered=True,
        )
    except booking.SlotTaken:
        scene.say("slot_taken", name=offer.helper_name)
        _propose_here(scene, need, shown=[offer.helper_id])
        return
    asking.answered(scene)
    until = ask_helper(scene.post, series)
    scene.state["last_deed"] = {"kind": "booked", "series": [series.id], "at": scene.now.isoformat()}
    scene.say("asked_one", names=offer.helper_name, until=scene.words.moment(until, scene.today))


def _say_settled(scene: Scene, series: Series) -> None:
    """It was settled while the question was open: the helper came back on it, or the help was ended."""
    if series.status == "active":
        scene.say("next_settled", name=series.helper.contact.name or "")
    else:
        scene.say("next_gone")


@answers(NOBODY)
def on_next_nobody(scene: Scene) -> None:
    """Take the answer to whether a person should help to look for somebody."""
    if scene.answer.get("yes"):
        asking.answered(scene)
        handover.call_me(scene, "why_no_offer")
    elif "yes" in scene.answer or scene.answer.get("drop"):
        _leave(scene)
    else:
        repair.missed(scene)


def _leave(scene: Scene) -> None:
    """Leave it at that: nobody comes, and who asked for the help knows."""
    series = scene.session.get(Series, (scene.question or {})["series"])
    asking.answered(scene)
    scene.say("next_left", service=scene.service_name(series.service))


@every_minute
def tell_coordinator(upkeep: Upkeep) -> int:
    """Tell the coordinator of a request that is stuck: nobody was chosen in time. The question stays open."""
    due = asks.to_give_up(upkeep.session, upkeep.now, topics=TOPICS)
    coordinator = local_coordinator(upkeep.session)
    for ask in due:
        ask.expires = None
        if coordinator is not None:
            post = upkeep.post(f"stuck:{ask.id}")
            post.notify(coordinator, "coordinator_stuck", name=ask.contact.name or "", phone=ask.contact.phone or "")
    upkeep.session.flush()
    return len(due)
