"""As always: the last agreement once more."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care.booking import book, end_series
from care.clock import TZ
from care.habits import once_more, usual
from care.models import Recipient, Series
from care.offers import offers_for


@pytest.fixture
def recipient(world: Any) -> Recipient:
    world.helper(services=["companionship", "walk"])
    return world.recipient()


def make(session: Session, recipient: Recipient, need: Any, now: datetime, key: str, **more: Any) -> Series:
    offer = offers_for(session, recipient, need, now)[0]
    by = recipient.contact
    return book(session, recipient=recipient, requested_by=by, need=need, offer=offer, request_key=key, now=now, **more)


def test_the_newest_of_each_service_that_was_agreed(
    session: Session, recipient: Recipient, need: Any, now: datetime
) -> None:
    old = make(session, recipient, need(), now, "old")
    end_series(session, old, recipient.contact, now)
    new = make(session, recipient, need(times=["11:00"]), now, "new")
    walk = make(session, recipient, need("walk", times=["15:00"]), now, "walk")
    make(session, recipient, need("walk", times=["17:00"]), now, "offered", offered=True)
    assert usual(session, recipient) == [walk, new]
    assert usual(session, recipient, "walk") == [walk]
    assert usual(session, recipient, "garden") == []


def test_a_rule_goes_on_without_its_end(session: Session, recipient: Recipient, need: Any, now: datetime) -> None:
    series = make(session, recipient, need(rrule="FREQ=WEEKLY;COUNT=3;BYDAY=TU"), now, "r")
    schedule = once_more(series, datetime(2027, 2, 3, 9, tzinfo=TZ)).schedule
    assert (schedule.rrule, schedule.dtstart, schedule.times) == (
        "FREQ=WEEKLY;BYDAY=TU",
        date(2027, 2, 9),
        (time(9),),
    )


@pytest.mark.parametrize(
    ("now_", "day"),
    [("2026-11-24T08:00", "2026-11-24"), ("2026-11-24T09:00", "2026-12-01"), ("2026-12-30T12:00", "2027-01-05")],
)
def test_a_single_visit_comes_on_its_weekday(
    session: Session, recipient: Recipient, need: Any, now: datetime, now_: str, day: str
) -> None:
    series = make(session, recipient, need(rrule=None), now, "r")
    later = datetime.fromisoformat(now_).replace(tzinfo=TZ)
    assert once_more(series, later).schedule.dtstart == date.fromisoformat(day)
