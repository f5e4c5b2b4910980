"""Plans: from rules and clock times to visits, through clock changes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.clock import TZ
from care.plans import Plan, occurrence, rule_dates

MONDAY = date(2026, 11, 23)
WEEK = timedelta(days=7)
SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)


def plan(**fields: Any) -> Plan:
    usual = {
        "dtstart": MONDAY,
        "begins": datetime(2026, 11, 23, 0, 0, tzinfo=TZ),
        "minutes": 60,
        "times": (time(9),),
        "rrule": "FREQ=DAILY",
    }
    return Plan(**{**usual, **fields})


def names(made: Plan, days: int = 400, start: date = MONDAY) -> list[str]:
    return [visit.name for visit in made.occurrences(start, start + timedelta(days=days))]


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.times().map(lambda clock: clock.replace(second=0, microsecond=0, fold=0)),
    st.integers(5, 24 * 60),
)
def test_every_visit_has_a_length_and_begins_at_its_clock_time(day: date, clock: time, minutes: int) -> None:
    visit = occurrence(day, clock, minutes)
    assert visit.start < visit.end
    assert visit.start.tzinfo is timezone.utc
    assert abs((visit.end - visit.start) - timedelta(minutes=minutes)) <= timedelta(hours=1)
    if minutes < 240:
        assert visit.end - visit.start == timedelta(minutes=minutes)
    local = visit.start.astimezone(TZ)
    shown = datetime.combine(day, clock)
    skipped = day.month == 3 and local.replace(tzinfo=None) == shown + timedelta(hours=1)
    assert skipped or local.replace(tzinfo=None) == shown


def test_nine_stays_nine_when_the_clocks_change() -> None:
    visits = list(plan(dtstart=SPRING - timedelta(days=1)).occurrences(SPRING - timedelta(days=1), date(2027, 3, 30)))
    assert [visit.start.hour for visit in visits] == [8, 7, 7]
    assert [visit.start.astimezone(TZ).hour for visit in visits] == [9, 9, 9]


def test_a_clock_time_that_is_skipped_is_an_hour_later() -> None:
    assert occurrence(SPRING, time(2, 30), 30).start == datetime(2027, 3, 28, 1, 30, tzinfo=timezone.utc)


def test_of_a_clock_time_that_comes_twice_the_first_is_meant() -> None:
    assert occurrence(AUTUMN, time(2, 30), 30).start == datetime(2027, 10, 31, 0, 30, tzinfo=timezone.utc)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 7), (AUTUMN, 9), (date(2027, 1, 5), 8)])
def test_a_night_ends_at_seven_whatever_the_clocks_do(day: date, hours: int) -> None:
    night = occurrence(day - timedelta(days=1), time(23), 8 * 60)
    assert night.end.astimezone(TZ).time() == time(7)
    assert night.end - night.start == timedelta(hours=hours)


def test_count_counts_visits_that_take_place() -> None:
    made = plan(rrule="FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4", exdates=(date(2026, 11, 26),), missing=(date(2026, 12, 3),))
    assert names(made) == ["2026-11-23T09:00", "2026-11-30T09:00", "2026-12-07T09:00", "2026-12-10T09:00"]


def test_count_is_the_same_from_wherever_one_looks() -> None:
    made = plan(rrule="FREQ=DAILY;COUNT=10")
    assert names(made)[7:] == names(made, start=date(2026, 11, 30))
    assert names(made, start=date(2026, 12, 3)) == []


def test_several_clock_times_a_day_are_a_visit_each() -> None:
    made = plan(times=(time(20), time(8)), rrule="FREQ=DAILY;COUNT=3")
    assert names(made) == ["2026-11-23T08:00", "2026-11-23T20:00", "2026-11-24T08:00"]


def test_weekdays_may_have_their_own_clock_times() -> None:
    made = plan(other_times={1: (time(11),)})
    assert names(made, 3) == ["2026-11-23T09:00", "2026-11-24T11:00", "2026-11-25T09:00"]


def test_nothing_begins_before_the_plan_does() -> None:
    made = plan(begins=datetime(2026, 11, 23, 9, 1, tzinfo=TZ), rrule="FREQ=DAILY;COUNT=2")
    assert names(made) == ["2026-11-24T09:00", "2026-11-25T09:00"]


def test_a_single_visit_has_no_rule() -> None:
    assert names(plan(rrule=None)) == ["2026-11-23T09:00"]
    assert names(plan(rrule=None, exdates=(MONDAY,))) == []
    assert names(plan(rrule=None), start=date(2026, 11, 24)) == []


@pytest.mark.parametrize("rrule", ["FREQ=DAILY;UNTIL=20261125", "FREQ=DAILY;UNTIL=20261125T235959Z"])
def test_until_is_included(rrule: str) -> None:
    assert len(names(plan(rrule=rrule))) == 3


def test_every_other_week_keeps_its_phase() -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    dates = list(islice(rule_dates(rule, date(2026, 11, 24)), 3))
    assert dates == [date(2026, 11, 24), date(2026, 12, 8), date(2026, 12, 22)]
    assert next(rule_dates(rule, date(2026, 11, 24), date(2026, 11, 25))) == date(2026, 12, 8)


@pytest.mark.parametrize(
    "rrule",
    ["", "nonsense", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYHOUR=8,9", "FREQ=DAILY;UNTIL=soon"],
)
def test_what_is_no_rule_of_dates_is_refused(rrule: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - some are refused by the library in its own words
        next(rule_dates(rrule, MONDAY))


def test_a_rule_that_never_comes_ends() -> None:
    assert list(rule_dates("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", MONDAY)) == []


def test_a_rule_without_end_ends_after_twenty_years() -> None:
    assert max(rule_dates("FREQ=MONTHLY", MONDAY)).year == 2046


def test_a_plan_comes_back_as_it_was_written() -> None:
    made = plan(exdates=(MONDAY,), missing=(date(2026, 12, 1),), other_times={6: (time(10, 30), time(21))})
    assert Plan.from_json(made.to_json()) == made


@pytest.mark.parametrize(
    ("rule", "exrules", "lacking"),
    [
        ("FREQ=DAILY", ("FREQ=MONTHLY;BYDAY=1SU",), lambda day: day.weekday() == 6 and day.day <= 7),
        (
            "FREQ=DAILY",
            ("FREQ=MONTHLY;BYDAY=-1FR",),
            lambda day: day.weekday() == 4 and (day + WEEK).month != day.month,
        ),
        ("FREQ=DAILY", ("FREQ=MONTHLY;BYMONTHDAY=1,15",), lambda day: day.day in (1, 15)),
        ("FREQ=DAILY;INTERVAL=2", ("FREQ=WEEKLY;BYDAY=SU",), lambda day: day.weekday() == 6),
        (
            "FREQ=DAILY;INTERVAL=3",
            ("FREQ=WEEKLY;BYDAY=SU", "FREQ=MONTHLY;BYMONTHDAY=31"),
            lambda day: day.weekday() == 6 or day.day == 31,
        ),
    ],
)
def test_a_rule_of_exceptions_holds_for_years(rule: str, exrules: tuple[str, ...], lacking: Any) -> None:
    made = plan(rrule=rule, exrules=exrules)
    wanted = [day for day in islice(rule_dates(rule, MONDAY), 1500) if not lacking(day)]
    assert list(islice(made.dates(), len(wanted))) == wanted
    assert Plan.from_json(made.to_json()) == made
    assert "exrules" not in plan().to_json()
