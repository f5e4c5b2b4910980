"""How long is waited, and when somebody is reminded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.clock import TZ
from care.patience import DAY_BEGINS, DAY_ENDS, answer_by, choose_by, remind_at


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ)


@pytest.mark.parametrize(
    ("now", "first", "until"),
    [
        ("2026-11-23T09:00", "2026-11-30T14:00", "2026-11-24T10:00"),
        ("2026-11-23T23:50", "2026-11-30T14:00", "2026-11-24T10:00"),
        ("2026-11-23T09:00", "2026-11-23T14:00", "2026-11-23T11:30"),
        ("2026-11-23T09:00", "2026-11-24T08:00", "2026-11-23T20:30"),
        ("2026-11-23T16:00", "2026-11-24T12:00", "2026-11-24T08:00"),
        ("2026-11-23T20:00", "2026-11-24T08:00", "2026-11-23T21:00"),
        ("2026-11-23T22:00", "2026-11-24T07:00", "2026-11-24T02:30"),
        ("2026-11-23T09:00", "2026-11-23T09:15", "2026-11-23T09:10"),
        ("2026-11-23T09:00", "2026-11-23T09:05", "2026-11-23T09:05"),
    ],
)
def test_the_answer_is_due_the_next_morning_or_halfway(now: str, first: str, until: str) -> None:
    assert answer_by(at(now), at(first)) == at(until)


@pytest.mark.parametrize(
    ("now", "expires", "reminder"),
    [
        ("2026-11-23T09:00", "2026-11-24T10:00", "2026-11-23T12:00"),
        ("2026-11-23T18:30", "2026-11-24T10:00", "2026-11-24T09:30"),
        ("2026-11-23T23:00", "2026-11-24T10:00", None),
        ("2026-11-23T09:00", "2026-11-23T11:30", "2026-11-23T10:15"),
        ("2026-11-23T05:00", "2026-11-24T10:00", "2026-11-23T11:00"),
    ],
)
def test_a_reminder_comes_by_day(now: str, expires: str, reminder: str | None) -> None:
    assert remind_at(at(now), at(expires)) == (reminder and at(reminder))


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=TZ))


@given(MOMENTS, st.timedeltas(timedelta(minutes=30), timedelta(days=40)))
def test_there_is_time_to_answer_and_time_left_after_it(now: datetime, ahead: timedelta) -> None:
    first = datetime.fromtimestamp(now.timestamp() + ahead.total_seconds(), TZ)
    until = answer_by(now, first)
    assert now.timestamp() < until.timestamp() < first.timestamp()
    reminder = remind_at(now, until)
    if reminder is not None:
        assert now < reminder < until
        assert DAY_BEGINS <= reminder.time() <= DAY_ENDS


def test_who_chooses_has_two_mornings() -> None:
    assert choose_by(at("2026-11-23T09:00")) == at("2026-11-25T10:00")
