"""A coordinator's desk: open and stuck requests, yes or no for one's people, another helper, or a call."""

from __future__ import annotations

from collections.abc import Sequence

from actions import desk_searches, reoffering, repair
from actions.notices import tell_of_booking, withdraw_questions
from actions.requesting import TOPIC, tell_accepted
from actions.scene import Json, Scene
from actions.topics import answers
from care import acceptance, asks, booking, desk
from care.matching import Offer
from care.models import Contact, Series
from care.needs import Need

MOST = 5
"""Requests listed at once: a coordinator reads, and comes back for more."""


def take(scene: Scene) -> bool:
    """Deal with what a coordinator says of open requests; False when it is nothing of the kind."""
    if scene.desk is None or scene.reading.act == "emergency":
        return False
    found = desk.open_requests(scene.session, scene.contact, reoffering.TOPICS)
    if scene.desk != "requests":
        named = [series for series in found if series.status == "offered" and _named(scene, series)]
        if len(named) == 1:
            scene.settle()
            _answer(scene, named[0].id, yes=scene.desk == "accept")
            return True
        found = named or found
    _show(scene, found)
    return True


def _named(scene: Scene, series: Series) -> bool:
    """Whether the helper's name, first or whole, is in what was said."""
    return _is_said(scene, series.helper.contact.name or "")


def _is_said(scene: Scene, name: str) -> bool:
    said = set("".join(sign if sign.isalnum() else " " for sign in scene.turn.text.casefold()).split())
    return bool(name) and name.casefold().split()[0] in said


def _show(scene: Scene, found: Sequence[Series]) -> None:
    """List visits that nobody comes to, then requests, with their numbers, and ask which one to deal with."""
    searches = desk_searches.found(scene)
    if not found and not searches:
        scene.settle()
        scene.say("desk_nothing")
        return
    scene.say("desk_head", n=len(found) + len(searches))
    for number, search in enumerate(searches[:MOST], start=1):
        scene.say_line(desk_searches.line(scene, search, number))
    options: list[Json] = [desk_searches.option(scene, search) for search in searches[:MOST]]
    shown = found[: MOST - len(options)]
    for number, series in enumerate(shown, start=len(options) + 1):
        scene.say_line(_line(scene, series, number))
    options += [{"value": str(series.id), "text": _label(series), "names": _label(series).split()} for series in shown]
    scene.ask("desk_pick", "choice", "desk_which", options)


def _label(series: Series) -> str:
    return series.helper.contact.name or str(series.id)


def _line(scene: Scene, series: Series, number: int) -> str:
    words = scene.words
    ask = asks.open_about(scene.session, series, TOPIC)
    values = {
        "key": number,
        "service": scene.service_name(series.service),
        "recipient": series.recipient.name,
        "when": words.when(Need.from_json(series.need).schedule),
        "name": _label(series),
    }
    if series.status == "declined":
        return words.say("desk_line_stuck", **values)
    until = words.moment(ask.expires, scene.today) if ask is not None and ask.expires else ""
    return words.say("desk_line", until=until, **values)


@answers("desk_pick")
def on_pick(scene: Scene) -> None:
    """Take the choice of a request, and ask what to do with it."""
    choice = scene.answer.get("choice")
    if scene.answer.get("none") or scene.answer.get("drop"):
        scene.settle()
        scene.say("kept")
        return
    if choice is None:
        repair.missed(scene)
        return
    if choice.startswith(desk_searches.MARK):
        scene.settle()
        desk_searches.pick(scene, choice)
        return
    series = scene.session.get(Series, int(choice))
    deeds = ("accept", "decline", "other") if series.status == "offered" else ("other", "call")
    options = [scene.option(name, f"option_desk_{name}") for name in deeds]
    # Who names a colleague means that somebody else goes.
    names = [offer.helper_name.split()[0] for offer in _colleagues(scene, series)]
    options[deeds.index("other")]["names"] = names
    scene.settle()
    scene.ask("desk_deed", "choice", "desk_what", options, series=series.id, name=_label(series))


@answers("desk_deed")
def on_deed(scene: Scene) -> None:
    """Take what is to be done with a request."""
    series_id = (scene.question or {})["series"]
    choice = scene.answer.get("choice")
    if choice is None and "yes" not in scene.answer:
        repair.missed(scene)
        return
    scene.settle()
    if choice == "other":
        _send_another(scene, scene.session.get(Series, series_id))
    elif choice == "call":
        _call(scene, scene.session.get(Series, series_id))
    else:
        _answer(scene, series_id, yes=choice == "accept")


def _answer(scene: Scene, series_id: int, *, yes: bool) -> None:
    """Say yes or no for the helper, and tell everybody whom it concerns."""
    series = acceptance.locked(scene.session, series_id)
    answered = acceptance.accept if yes else acceptance.decline
    waiting = series.status == "offered"
    if not waiting or not answered(scene.session, series_id, scene.contact, scene.now):
        scene.say("desk_settled")
        return
    asked = withdraw_questions(scene, series)
    if yes:
        tell_of_booking(scene, series)
        tell_accepted(scene.post, series)
        scene.say("desk_accepted", name=_label(series), recipient=series.recipient.name)
        return
    if asked is not None:
        scene.post.notify(asked, "helper_offer_taken_over", about=str(series.id), recipient=series.recipient.name)
    reoffering.propose_next(scene.post, series, "declined")
    scene.say("desk_declined", recipient=series.recipient.name)


def _colleagues(scene: Scene, series: Series) -> list[Offer]:
    """All of the coordinator's people who can do what was asked."""
    return desk.others_for(scene.session, series, scene.contact, scene.now, limit=desk.MOST_LOOKED_AT)


def _send_another(scene: Scene, series: Series) -> None:
    """Send who was named, or name who can go."""
    named = [offer for offer in _colleagues(scene, series) if _is_said(scene, offer.helper_name)]
    if len(named) == 1:
        _assign(scene, series, named[0])
    else:
        _propose_others(scene, series)


def _propose_others(scene: Scene, series: Series) -> None:
    """Name others of the coordinator's people who can come."""
    found = desk.others_for(scene.session, series, scene.contact, scene.now)
    if not found:
        scene.say("desk_no_others", recipient=series.recipient.name)
        return
    options: list[Json] = [
        {"value": str(offer.helper_id), "text": offer.helper_name, "names": offer.helper_name.split()}
        for offer in found
    ]
    scene.ask(
        "desk_who",
        "choice",
        "desk_whom",
        options,
        recipient=series.recipient.name,
        names=scene.words.listed([offer.helper_name for offer in found]),
        series=series.id,
        offers=[offer.to_json() for offer in found],
    )


@answers("desk_who")
def on_who(scene: Scene) -> None:
    """Take the choice of another helper, who then comes."""
    question = scene.question or {}
    choice = scene.answer.get("choice")
    chosen = [offer for offer in question["offers"] if str(offer["helper_id"]) == str(choice)]
    if not chosen and not (scene.answer.get("none") or scene.answer.get("drop")):
        repair.missed(scene)
        return
    scene.settle()
    if not chosen:
        scene.say("kept")
        return
    _assign(scene, scene.session.get(Series, question["series"]), Offer.from_json(chosen[0]))


def _assign(scene: Scene, before: Series, offer: Offer) -> None:
    """Send another helper, and tell everybody whom it concerns."""
    try:
        made = desk.assign(
            scene.session, before.id, offer, by=scene.contact, now=scene.now, request_key=scene.key("assign")
        )
    except booking.SlotTaken:
        scene.say("desk_taken", name=offer.helper_name)
        return
    if made is None:
        scene.say("desk_settled")
        return
    asked = withdraw_questions(scene, before)
    if asked is not None:
        scene.post.notify(asked, "helper_offer_taken_over", about=str(before.id), recipient=before.recipient.name)
    tell_of_booking(scene, made)
    tell_accepted(scene.post, made)
    scene.say("desk_accepted", name=offer.helper_name, recipient=made.recipient.name)


def _call(scene: Scene, series: Series) -> None:
    """The coordinator calls: they get the number, and the person hears who will call."""
    booker: Contact = scene.session.get(Contact, series.created_by_id)
    scene.post.notify(booker, "desk_will_call", about=str(series.id), name=scene.contact.name or "")
    scene.say("desk_call", name=booker.name or series.recipient.name, phone=booker.phone or "")
