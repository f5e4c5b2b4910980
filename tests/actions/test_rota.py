"""The evening before: once, not at night, and still in the morning when the evening was missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.rota import tell_of_the_coming_day
from actions.upkeep import Upkeep
from care import booking
from care.models import Outbox, Series
from care.offers import offers_for
from tests.care.conftest import World, make_need


@pytest.fixture
def series(session: Session, now: datetime) -> Series:
    """A visit every day at ten by a helper who never heard of checking in."""
    world = World(session, now)
    world.helper("Anna Test")
    recipient, need = world.recipient(), make_need(times=["10:00"])
    return booking.book(
        session,
        recipient=recipient,
        requested_by=recipient.contact,
        need=need,
        offer=offers_for(session, recipient, need, now)[0],
        request_key="one",
        now=now,
    )


def at(now: datetime, hour: int, minute: int = 0, days: int = 0) -> datetime:
    return now.replace(hour=hour, minute=minute) + timedelta(days=days)


def told(session: Session) -> list[Any]:
    return list(session.scalars(select(Outbox).order_by(Outbox.id)))


def test_once_in_the_evening(session: Session, series: Series, now: datetime) -> None:
    assert tell_of_the_coming_day(Upkeep(session, at(now, 17, 59))) == 0
    assert tell_of_the_coming_day(Upkeep(session, at(now, 18))) == 1
    assert tell_of_the_coming_day(Upkeep(session, at(now, 18, 1))) == 0
    assert [row.contact_id for row in told(session)] == [series.recipient.contact_id, series.helper.contact_id]
    assert all("Gezelschap" not in row.text and "gezelschap" not in row.text for row in told(session))


def test_the_first_list_says_how_to_check_in(session: Session, series: Series, now: datetime) -> None:
    assert not series.helper.checks_in
    tell_of_the_coming_day(Upkeep(session, at(now, 18)))
    assert "ik ben er" in told(session)[1].text
    assert series.helper.checks_in
    tell_of_the_coming_day(Upkeep(session, at(now, 18, days=1)))
    assert "ik ben er" not in told(session)[3].text


def test_not_in_the_quiet_hours_but_in_the_morning(session: Session, series: Series, now: datetime) -> None:
    assert tell_of_the_coming_day(Upkeep(session, at(now, 22))) == 0
    assert tell_of_the_coming_day(Upkeep(session, at(now, 7, 59, days=1))) == 0
    assert tell_of_the_coming_day(Upkeep(session, at(now, 8, days=1))) == 1
    assert told(session)[0].text.startswith("Vandaag")


def test_late_in_the_morning_it_is_too_late(session: Session, series: Series, now: datetime) -> None:
    assert tell_of_the_coming_day(Upkeep(session, at(now, 10, 30, days=1))) == 0
    assert told(session) == []
