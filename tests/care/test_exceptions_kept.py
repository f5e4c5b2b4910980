"""What was left out of an open series is left out for good, however far the horizon moves; and the seams around it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from care import booking
from care.clock import local
from care.mending import mend
from care.models import Series, Visit
from care.needs import Need
from care.offers import offers_for
from care.schedule import Schedule
from nlu.care_reader import CareReader
from tests.care.conftest import World

TWO_YEARS = 104


def first_sunday(day: date) -> bool:
    return day.weekday() == 6 and day.day <= 7


@pytest.mark.parametrize(
    ("said", "language", "every", "left_out"),
    [
        ("elke dag om tien uur gezelschap, behalve de eerste zondag van de maand", "nl", 1, first_sunday),
        ("om de dag om tien uur gezelschap, maar niet op zondag", "nl", 2, lambda day: day.weekday() == 6),
        ("company every day at ten, except on the first of the month", "en", 1, lambda day: day.day == 1),
        ("company every day at ten, but not on Sundays", "en", 1, lambda day: day.weekday() == 6),
    ],
)
def test_two_years_ahead(
    session: Session, world: World, now: datetime, said: str, language: str, every: int, left_out: Any
) -> None:
    need = CareReader().read(said, language, now).needs[0]
    world.helper("Anna Test")
    recipient = world.recipient()
    offer = offers_for(session, recipient, need, now)[0]
    by = recipient.contact
    series: Series = booking.book(
        session, recipient=recipient, requested_by=by, need=need, offer=offer, request_key="one", now=now
    )
    for week in range(0, TWO_YEARS + 1, 4):
        booking.extend_horizon(session, now + timedelta(weeks=week))
    query = select(Visit.starts).where(Visit.series_id == series.id).order_by(Visit.starts)
    days = [local(starts).date() for starts in session.scalars(query)]
    assert need.schedule.dtstart is not None
    asked = [need.schedule.dtstart + timedelta(days=step) for step in range(0, (days[-1] - days[0]).days + 30, every)]
    assert days == [day for day in asked if day < series.horizon and not left_out(day)]
    assert days[-1] > now.date() + timedelta(weeks=TWO_YEARS + 11)


def test_a_rule_of_exceptions_stays_through_mending() -> None:
    schedule = Schedule(rrule="FREQ=DAILY", dtstart=date(2026, 11, 24), exrules=("FREQ=MONTHLY;BYDAY=1SU",))
    now = local(datetime(2026, 11, 23, 9))
    more = Schedule(exrules=("FREQ=MONTHLY;BYMONTHDAY=1",))
    mended = mend(Need("walk", schedule), Need(None, more), now).schedule
    assert mended.exrules == ("FREQ=MONTHLY;BYDAY=1SU", "FREQ=MONTHLY;BYMONTHDAY=1")
    assert Schedule.from_json(mended.to_json()) == mended
    assert date(2027, 5, 2) not in set(mended.dates(date(2027, 5, 1), date(2027, 5, 9)))
    assert "exrules" not in Schedule().to_json()
