"""A coordinator's desk: visits that nobody comes to as yet. Somebody else is sent, or the coordinator calls."""

from __future__ import annotations

from actions import repair, substituting
from actions.notices import tell_of_booking
from actions.scene import Json, Scene
from actions.substitute_words import moments, name_of
from actions.topics import answers
from care import booking, circle, substitutes, uncovered
from care.clock import local
from care.matching import Offer
from care.models import Contact, Helper, Substitution

MARK = "search:"
"""What tells a search from a request among the options."""


def found(scene: Scene) -> list[Substitution]:
    """The searches on the desk of who is talking."""
    return uncovered.searches(scene.session, scene.contact, scene.now)


def line(scene: Scene, search: Substitution, number: int) -> str:
    """One search in words, with how far it is."""
    visits = substitutes.lacking(scene.session, search, scene.now)
    state = search.status if search.status in ("asking", "choosing") else "stuck"
    return scene.words.say(
        f"desk_line_search_{state}",
        key=number,
        service=scene.service_name(search.series.service),
        recipient=search.series.recipient.name,
        when=moments(scene.words, visits),
        name=name_of(scene.post, search.absent_id),
        other=name_of(scene.post, search.asked_id) if search.asked_id else "",
        until=scene.words.moment(local(search.next_at), scene.today) if search.next_at else "",
    )


def option(scene: Scene, search: Substitution) -> Json:
    """A search as an option, by the names that may be said for it."""
    names = [name_of(scene.post, search.absent_id), search.series.recipient.name]
    return {"value": f"{MARK}{search.id}", "text": " – ".join(names), "names": " ".join(names).split()}


def pick(scene: Scene, choice: str) -> None:
    """Ask what to do with the search that was chosen."""
    search = scene.session.get(Substitution, int(choice.removeprefix(MARK)))
    options = [scene.option(name, f"option_desk_{name}") for name in ("other", "call")]
    about = {"recipient": search.series.recipient.name, "absent": name_of(scene.post, search.absent_id)}
    scene.ask("desk_search", "choice", "desk_search_what", options, search=search.id, **about)


@answers("desk_search")
def on_deed(scene: Scene) -> None:
    """Take what is to be done with a search."""
    choice = scene.answer.get("choice")
    if choice is None and not (scene.answer.get("none") or scene.answer.get("drop")):
        repair.missed(scene)
        return
    search = scene.session.get(Substitution, (scene.question or {})["search"])
    scene.settle()
    if choice == "other":
        _propose(scene, search)
    elif choice == "call":
        _call(scene, search)
    else:
        scene.say("kept")


def _propose(scene: Scene, search: Substitution) -> None:
    """Name those of the coordinator's people who can come."""
    who = _for_whom(scene, search)
    offers = uncovered.others_for(scene.session, search, scene.contact, scene.now) if who is not None else []
    recipient = search.series.recipient.name
    if not offers:
        scene.say("desk_no_others", recipient=recipient)
        return
    options: list[Json] = [
        {"value": str(offer.helper_id), "text": offer.helper_name, "names": offer.helper_name.split()}
        for offer in offers
    ]
    scene.ask(
        "desk_search_who",
        "choice",
        "desk_whom",
        options,
        recipient=recipient,
        names=scene.words.listed([offer.helper_name for offer in offers]),
        search=search.id,
        offers=[offer.to_json() for offer in offers],
    )


@answers("desk_search_who")
def on_who(scene: Scene) -> None:
    """Take the choice of who comes instead."""
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
    search = uncovered.locked(scene.session, question["search"])
    who = None if search is None else _for_whom(scene, search)
    if search is None or who is None:
        scene.say("desk_settled")
        return
    _send(scene, search, Offer.from_json(chosen[0]), who)


def _send(scene: Scene, search: Substitution, offer: Offer, who: Contact) -> None:
    """The helper comes; everybody whom it concerns is told."""
    wanted = substitutes.lacking(scene.session, search, scene.now)
    asked = search.asked_id
    try:
        new = uncovered.assign(scene.session, search, offer, requested_by=who, by=scene.contact, now=scene.now)
    except booking.SlotTaken:
        scene.say("desk_taken", name=offer.helper_name)
        return
    if not new:
        scene.say("desk_settled")
        return
    if asked is not None and asked != offer.helper_id:
        helper: Helper = scene.session.get(Helper, asked)
        recipient = search.series.recipient.name
        scene.post.notify(helper.contact, "substitute_unneeded", about=str(search.id), recipient=recipient)
    tell_of_booking(scene, new[0].series)
    substituting.covered(scene.post, search, new, wanted, offer.helper_name)
    scene.say("desk_accepted", name=offer.helper_name, recipient=search.series.recipient.name)


def _call(scene: Scene, search: Substitution) -> None:
    """The coordinator calls: they get the number, and the person hears who will call."""
    who = _for_whom(scene, search) or scene.session.get(Contact, search.series.created_by_id)
    scene.post.notify(who, "desk_will_call", about=f"{MARK}{search.id}", name=scene.contact.name or "")
    scene.say("desk_call", name=who.name or search.series.recipient.name, phone=who.phone or "")


def _for_whom(scene: Scene, search: Substitution) -> Contact | None:
    """Who decides about the visits."""
    return circle.decider(scene.session, search.series, scene.now)
