"""A call is promised within two hours while the office is open, else for the next working morning."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.handover import call_by
from care.clock import TZ


@pytest.mark.parametrize(
    ("asked", "promised"),
    [
        ("2026-11-23T09:00", "2026-11-23T11:00"),  # Monday, open
        ("2026-11-23T14:59", "2026-11-23T17:00"),
        ("2026-11-23T16:30", "2026-11-24T10:00"),  # too late for today
        ("2026-11-23T07:00", "2026-11-23T10:00"),  # before opening: this morning
        ("2026-11-27T18:00", "2026-11-30T10:00"),  # Friday evening: Monday
        ("2026-11-28T12:00", "2026-11-30T10:00"),  # Saturday
        ("2026-12-24T16:00", "2026-12-28T10:00"),  # both days of Christmas and the weekend are passed over
        ("2027-03-26T23:00", "2027-03-30T10:00"),  # Easter Monday too; the clock changes on the Sunday between
    ],
)
def test_until_when_a_call_is_promised(asked: str, promised: str) -> None:
    now = datetime.fromisoformat(asked).replace(tzinfo=TZ)
    assert call_by(now) == datetime.fromisoformat(promised).replace(tzinfo=TZ)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 12, 31)))
def test_a_call_is_always_ahead_on_a_working_day(moment: datetime) -> None:
    now = moment.replace(tzinfo=TZ)
    until = call_by(now)
    assert until > now
    assert until.weekday() < 5
    assert 9 <= until.hour <= 17
