"""The rounds of the day are made once, and reminders of what is called off are withdrawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from care import booking, outbox, rounds
from care.database import Database
from care.models import Outbox, Visit
from care.offers import offers_for
from care.reminding import REMINDER
from care.visits import skip_visits

DAY = date(2026, 11, 24)


def test_a_round_is_made_once_a_day(session: Session) -> None:
    assert not rounds.is_done(session, "test", DAY)
    assert rounds.begin(session, "test", DAY)
    assert not rounds.begin(session, "test", DAY)
    assert rounds.is_done(session, "test", DAY)
    assert rounds.begin(session, "test", DAY + timedelta(days=1))


def test_two_processes_make_it_once(database: Database) -> None:
    with database.begin() as first:
        rounds.begin(first, "both", DAY)
    with database.begin() as first:
        assert rounds.begin(first, "both", DAY + timedelta(days=1))
        with database.begin() as second:
            assert not rounds.begin(second, "both", DAY + timedelta(days=1))


def test_a_reminder_goes_with_any_of_its_visits(session: Session, world: Any, need: Any, now: datetime) -> None:
    helper = world.helper()
    recipient = world.recipient()
    offer = offers_for(session, recipient, need(), now)[0]
    booking.book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=need(),
        offer=offer,
        request_key="one",
        now=now,
    )
    evening = now + timedelta(hours=9)
    for contact in (recipient.contact, helper.contact, world.contact()):
        outbox.put(session, contact=contact, channel="sms", text="morgen", now=evening, kind=REMINDER)
    visits = rounds.visits_on(session, DAY, now)
    assert len(visits) == 1
    later = session.scalars(select(Visit).where(Visit.id != visits[0].id).order_by(Visit.starts).limit(1)).all()
    skip_visits(session, [visit.id for visit in later], recipient.contact, evening - timedelta(hours=1))
    statuses = select(Outbox.status).order_by(Outbox.id)
    assert list(session.scalars(statuses)) == ["due", "due", "due"]
    skip_visits(session, [visits[0].id], recipient.contact, evening)
    assert list(session.scalars(statuses)) == ["cancelled", "cancelled", "due"]
