"""Who is asked when a series is offered, and who hears of the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.accepting import give_up
from actions.post import Post
from actions.requesting import ask_helper, tell_accepted
from actions.upkeep import Upkeep
from care.booking import book
from care.models import Ask, Contact, Helper, Outbox, Recipient, Series
from care.offers import offers_for
from tests.care.conftest import World, make_need


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now)


@pytest.fixture
def helper(world: World) -> Helper:
    return world.helper("Maria de Bruin", services=["stockings_on", "companionship"], kind="freelancer")


@pytest.fixture
def recipient(world: World) -> Recipient:
    return world.recipient()


def offered(session: Session, recipient: Recipient, now: datetime, service: str = "companionship") -> Series:
    need: Any = make_need(service)
    offer = offers_for(session, recipient, need, now)[0]
    by = recipient.contact
    return book(
        session, recipient=recipient, requested_by=by, need=need, offer=offer, request_key="k", now=now, offered=True
    )


def texts(session: Session, contact: Contact) -> list[str]:
    return list(session.scalars(select(Outbox.text).where(Outbox.contact_id == contact.id).order_by(Outbox.id)))


def test_the_question_names_no_health(session: Session, helper: Helper, recipient: Recipient, now: datetime) -> None:
    series = offered(session, recipient, now, "stockings_on")
    until = ask_helper(Post(session, now, "1"), series)
    (text,) = texts(session, helper.contact)
    assert "Jo Test" in text
    assert "kousen" not in text
    assert "Lindelaan, Merelwoude" in text
    assert now < until < datetime.fromisoformat("2026-11-24T09:00:00+01:00")


def test_it_is_asked_once(session: Session, helper: Helper, recipient: Recipient, now: datetime) -> None:
    series = offered(session, recipient, now)
    for _ in range(2):
        ask_helper(Post(session, now, "1"), series)
    assert len(texts(session, helper.contact)) == 1
    assert len(session.scalars(select(Ask)).all()) == 1


def test_who_cannot_be_reached_is_asked_through_the_coordinator(
    session: Session, world: World, helper: Helper, recipient: Recipient, now: datetime
) -> None:
    coordinator = world.contact()
    coordinator.roles = ["coordinator"]
    helper.contact.phone = None
    session.flush()
    series = offered(session, recipient, now)
    ask_helper(Post(session, now, "1"), series)
    assert "Maria de Bruin" in texts(session, coordinator)[0]
    assert session.scalars(select(Ask.contact_id)).one() == coordinator.id


def test_when_nobody_can_be_reached_it_lapses_at_once(
    session: Session, world: World, helper: Helper, recipient: Recipient, now: datetime
) -> None:
    world.helper("Another")
    helper.contact.phone = None
    session.flush()
    series = book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=make_need(),
        offer=next(one for one in offers_for(session, recipient, make_need(), now) if one.helper_id == helper.id),
        request_key="k",
        now=now,
        offered=True,
    )
    assert ask_helper(Post(session, now, "1"), series) == now
    assert give_up(Upkeep(session, now)) == 1
    assert series.status == "declined"
    assert "Another" in texts(session, recipient.contact)[0]
    assert give_up(Upkeep(session, now)) == 0


def test_the_recipient_and_who_asked_hear_of_a_yes(
    session: Session, world: World, helper: Helper, recipient: Recipient, now: datetime
) -> None:
    series = offered(session, recipient, now)
    daughter = world.contact()
    series.created_by_id = daughter.id
    session.flush()
    tell_accepted(Post(session, now, "1"), series)
    for contact in (daughter, recipient.contact):
        assert "Maria de Bruin komt" in texts(session, contact)[0]
