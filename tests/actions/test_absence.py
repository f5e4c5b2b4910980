"""From what a helper says to when they are away."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from actions.absence import spans_of, target_of
from care.clock import TZ
from nlu.helpers import HelperAct

TUESDAY = date(2026, 11, 24)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=TZ)


def test_whole_days_from_now_on(now: datetime) -> None:
    said = HelperAct("ill", spans=((date(2026, 11, 23), TUESDAY),))
    assert spans_of(said, now) == [(now, at(25))]


def test_a_part_of_one_day(now: datetime) -> None:
    said = HelperAct("away", spans=((TUESDAY, TUESDAY),), window=(time(7), time(12)))
    assert spans_of(said, now) == [(at(24, 7), at(24, 12))]


def test_a_part_of_several_days_is_all_of_them(now: datetime) -> None:
    said = HelperAct("away", spans=((TUESDAY, TUESDAY + timedelta(days=1)),), window=(time(7), time(12)))
    assert spans_of(said, now) == [(at(24), at(26))]


def test_what_is_over_is_left_out(now: datetime) -> None:
    said = HelperAct("away", spans=((date(2026, 11, 20), date(2026, 11, 22)), (TUESDAY, TUESDAY)))
    assert spans_of(said, now) == [(at(24), at(25))]


def test_a_night_through_the_clock_change() -> None:
    said = HelperAct("away", spans=((date(2026, 10, 25), date(2026, 10, 25)),))
    (starts, ends) = spans_of(said, datetime(2026, 10, 1, 9, tzinfo=TZ))[0]
    assert ends.timestamp() - starts.timestamp() == 25 * 3600


def test_the_same_days_as_visits_of_ones_own() -> None:
    target = target_of(HelperAct("ill"), TUESDAY)
    assert (target.from_, target.until, target.scope) == (TUESDAY, TUESDAY, "period")
