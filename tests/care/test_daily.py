"""When one may write, and how long an answer is waited for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care import daily
from care.clock import TZ

HOUR = timedelta(hours=1)


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TZ)


@pytest.mark.parametrize(
    ("moment", "until"),
    [(at(20, 59), at(20, 59)), (at(21), at(8, day=24)), (at(3), at(8)), (at(8), at(8))],
)
def test_the_quiet_hours(moment: datetime, until: datetime) -> None:
    assert daily.quiet_until(moment) == until
    assert daily.is_quiet(moment) == (moment != until)


def test_an_urgent_visit_wakes_people() -> None:
    assert daily.may_write(at(6, 30), at(8))
    assert not daily.may_write(at(23), at(9, day=24))
    assert daily.may_write(at(20), at(9, day=26))


@given(
    st.integers(0, 24 * 60 - 1),
    st.integers(20, 60 * 24 * 30),
    st.sampled_from([daily.CHOOSE_WITHIN, daily.ANSWER_WITHIN]),
)
def test_an_answer_is_due_before_the_visit(minute: int, ahead: int, within: timedelta) -> None:
    now = at(0) + timedelta(minutes=minute)
    begins = now + timedelta(minutes=ahead)
    until = daily.answer_by(now, begins, within)
    assert now < until < begins


def test_an_answer_is_not_due_at_night() -> None:
    assert daily.answer_by(at(18), at(18, day=26), daily.ANSWER_WITHIN) == at(8, day=24)
    assert daily.answer_by(at(9), at(18, day=26), daily.ANSWER_WITHIN) == at(13)


def test_half_the_time_left_is_real_time() -> None:
    night = datetime(2026, 10, 25, 1, 30, tzinfo=TZ)
    begins = datetime(2026, 10, 25, 5, 30, tzinfo=TZ)
    until = daily.answer_by(night, begins, daily.CHOOSE_WITHIN)
    # Five hours are left, not four; so it is two and a half later, at three.
    assert until == datetime(2026, 10, 25, 3, 0, tzinfo=TZ)
    assert not daily.may_write(night, begins)
