"""Asking a helper whether they will come, and telling the others what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from actions.post import Json, Post
from actions.words import Words
from care import asks, circle, introductions, patience
from care.catalogue import Catalogue
from care.clock import local
from care.models import Contact, Helper, Series, Visit, col
from care.needs import Need
from care.plans import Plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TOPIC = "helper_offer"
"""What the question to a helper is about: whether they take on a series."""


def ask_helper(post: Post, series: Series, *, changed: bool = False) -> datetime:
    """Ask the helper of an offered series whether they will come; until when they may answer (local).

    With `changed` it takes the place of a question they had already. Who cannot be reached is asked through the
    coordinator; when there is none either, the question lapses at once.
    """
    session = post.session
    helper: Helper = session.get(Helper, series.helper_id)
    first = first_to_come(session, series, post.now)
    expires = patience.answer_by(post.now, first)
    schedule, plan = Need.from_json(series.need).schedule, Plan.from_json(series.plan)
    address = series.recipient.address
    for contact in (helper.contact, circle.coordinator_for(session, helper)):
        if contact is None or not post.reaches(contact):
            continue
        words = post.words_for(contact)
        about: Json = {
            "name": helper.contact.name or "",
            "recipient": series.recipient.name,
            "when": words.plan(schedule, plan),
            "first": words.moment(first),
            "until": words.moment(expires, local(post.now).date()),
            "place": f"{address.street}, {address.town}",
        }
        key = "helper_offer_changed" if changed else "helper_offer"
        again = "helper_offer_again"
        if contact.id != helper.contact_id:
            key, again = "coordinator_offer", "coordinator_offer_again"
        post.ask(
            contact,
            TOPIC,
            "yes_no",
            key,
            about=str(series.id),
            series=series,
            expires=expires,
            remind_at=patience.remind_at(post.now, expires),
            keep={**about, "service": service_in(words, series.service), "again": again},
            what=neutral(series.service),
            meeting=f" {words.say('meet_helper')}" if introductions.begins_with_one(session, series) else "",
            **about,
        )
        return expires
    asks.put(
        session,
        contact=helper.contact,
        question={"topic": TOPIC},
        now=post.now,
        key=f"unasked:{post.cause}:{series.id}",
        expires=post.now,
        series=series,
    )
    return local(post.now)


def first_to_come(session: Session, series: Series, now: datetime) -> datetime:
    """When the first visit of a series that can still come begins; local, `now` when there is none."""
    query = select(func.min(Visit.starts)).where(
        Visit.series_id == series.id, Visit.starts > now, col(Visit.status).in_(("offered", "planned", "declined"))
    )
    return local(session.scalar(query) or now)


def local_coordinator(session: Session) -> Contact | None:
    """The coordinator of the neighbourhood, if there is one."""
    query = select(Contact).where(col(Contact.roles).contains(["coordinator"])).order_by(Contact.id)
    return session.scalars(query).first()


def parties(session: Session, series: Series) -> list[Contact]:
    """Who must know what becomes of a series: who asked for it, and the recipient; whom we can reach."""
    booker = session.get(Contact, series.created_by_id)
    people = [booker, series.recipient.contact]
    return list({person.id: person for person in people if person is not None}.values())


def tell_accepted(post: Post, series: Series) -> None:
    """Tell the recipient, and who asked for the help, that the helper comes."""
    schedule, plan = Need.from_json(series.need).schedule, Plan.from_json(series.plan)
    first = first_to_come(post.session, series, post.now)
    for contact in parties(post.session, series):
        post.notify(
            contact,
            "offer_accepted",
            about=str(series.id),
            name=series.helper.contact.name or "",
            when=lambda words: words.plan(schedule, plan),
            first=lambda words: words.moment(first, local(post.now).date()),
        )


def neutral(service: str) -> Callable[[Words], str]:
    """A service in the reader's words, without words about health: for messages sent unasked."""
    return lambda words: Catalogue.load().service(service).neutral[words.language]


def service_in(words: Words, service: str) -> str:
    """A service by its full name, in the reader's words."""
    return Catalogue.load().service(service).names[words.language]
