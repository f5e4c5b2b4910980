"""Fitting schedules into helpers' weeks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from care.clock import TZ
from care.outlook import Diary, merged, moments
from care.plans import occurrence, rule_fields
from care.schedule import Schedule
from care.weeks import MAY_LACK, Fit, Habits, find_plan, slots, spread

BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
ALWAYS = [(weekday, time(0), time(0)) for weekday in range(7)]
OFFICE = [(weekday, time(9), time(17)) for weekday in range(5)]


def schedule(**fields: Any) -> Schedule:
    usual: dict[str, Any] = {"rrule": "FREQ=DAILY", "dtstart": "2026-11-24"}
    return Schedule.from_json({**usual, **fields})


def find(said: Schedule, weekly: list[tuple[int, time, time]] = ALWAYS, minutes: int = 60, **more: Any) -> Fit | None:
    habits, avoid = more.pop("habits", Habits()), moments(more.pop("avoid", ()))
    return find_plan(said, Diary.of(weekly, **more), minutes, BEGINS, habits, avoid)


def spans(*moments: tuple[int, int, int, int]) -> list[tuple[datetime, datetime]]:
    """Spans on days of November or December 2026: (day counted from 1 November, hour, until hour)."""
    first = datetime(2026, 11, 1, tzinfo=TZ)
    return [
        (first + timedelta(days=day - 1, hours=start), first + timedelta(days=day - 1, hours=end, minutes=minute))
        for day, start, end, minute in moments
    ]


weekly_hours = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 23).map(time), st.integers(0, 23).map(time)), max_size=8
)


@given(weekly_hours, st.integers(0, 6), st.integers(0, 23).map(time), st.sampled_from([15, 60, 480]))
def test_hours_are_open_where_every_minute_of_the_visit_is(
    weekly: list[tuple[int, time, time]], weekday: int, clock: time, minutes: int
) -> None:
    week = 7 * 24 * 60
    minutes_open: set[int] = set()
    for day, start, end in weekly:
        begin = day * 1440 + start.hour * 60
        length = (end.hour - start.hour) % 24 * 60 or 1440
        minutes_open.update((begin + minute) % week for minute in range(length))
    visit = {(weekday * 1440 + clock.hour * 60 + minute) % week for minute in range(minutes)}
    assert Diary.of(weekly).open_at(weekday, clock, minutes) == (visit <= minutes_open)


def test_hours_that_touch_are_one() -> None:
    assert merged([(0, time(9), time(12)), (0, time(12), time(17))])[0] == (9 * 60, 17 * 60)


def test_sunday_night_runs_on_into_monday() -> None:
    diary = Diary.of([(6, time(22), time(8))])
    assert diary.open_at(6, time(23), 480)
    assert diary.open_at(0, time(6), 60)
    assert not diary.open_at(0, time(23), 480)


@settings(max_examples=60)
@given(
    weekly_hours,
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 23), st.integers(1, 30)), max_size=6),
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=TU,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "FREQ=MONTHLY", None]),
    st.sampled_from([("morning", ["07:00", "12:00"]), ("night", ["23:00", "07:00"]), (None, None)]),
    st.sampled_from([None, 2, 3]),
)
def test_a_plan_never_breaks_the_rules(
    weekly: list[tuple[int, time, time]],
    busy: list[tuple[int, int, int]],
    rrule: str | None,
    when: tuple[str | None, list[str] | None],
    times: int | None,
) -> None:
    first = datetime(2026, 11, 24, tzinfo=TZ)
    taken = [
        (first + timedelta(days=day, hours=hour), first + timedelta(days=day, hours=hour + length))
        for day, hour, length in busy
    ]
    said = schedule(rrule=rrule, daypart=when[0], window=when[1], times_per_period=times if rrule else None)
    diary = Diary.of(weekly, taken)
    fit = find_plan(said, diary, 60, BEGINS)
    if fit is None:
        return
    visits = list(fit.plan.occurrences(date(2026, 11, 1), date(2027, 2, 10)))
    assert visits
    assert visits[0].start == fit.first
    for visit in visits:
        assert visit.start >= BEGINS
        assert diary.open_at(visit.day.weekday(), visit.clock, 60)
        if said.window and said.window[0] < said.window[1]:
            assert said.window[0] <= visit.clock < said.window[1]
    looked_at = [visit for visit in visits if visit.day in set(fit.days)]
    assert not any(start < visit.end and visit.start < end for visit in looked_at for start, end in taken)
    assert len(fit.plan.missing) * 100 <= MAY_LACK * (len(fit.days) + len(fit.plan.missing)) + 100


def test_said_clock_times_are_kept() -> None:
    fit = find(schedule(times=["08:00", "14:00", "22:00"]))
    assert fit is not None
    assert fit.plan.times == (time(8), time(14), time(22))
    assert find(schedule(times=["08:00"]), OFFICE) is None


@pytest.mark.parametrize(
    ("daypart", "window", "early", "clock"),
    [
        ("morning", ["07:00", "12:00"], False, time(9)),
        ("morning", ["07:00", "12:00"], True, time(8)),
        ("evening", ["18:00", "23:00"], True, time(19)),
        (None, ["14:00", "16:00"], False, time(14)),
        ("morning", ["10:00", "12:00"], True, time(10)),
        (None, None, False, time(10)),
    ],
)
def test_a_natural_moment_is_chosen(daypart: str | None, window: list[str] | None, early: bool, clock: time) -> None:
    fit = find(schedule(daypart=daypart, window=window), habits=Habits(early=early))
    assert fit is not None
    assert fit.plan.times == (clock,)


def test_the_clock_time_is_the_same_on_all_dates_where_it_can_be() -> None:
    # Nine is free on six days of the week, half past ten on all.
    weekly = [(weekday, time(9 if weekday else 10, 30), time(12)) for weekday in range(7)]
    fit = find(schedule(daypart="morning", window=["07:00", "12:00"]), weekly)
    assert fit is not None
    assert (fit.plan.times, dict(fit.plan.other_times)) == ((time(10, 30),), {})


def test_where_it_cannot_be_a_weekday_has_its_own() -> None:
    weekly = [(weekday, time(7), time(9)) for weekday in range(6)] + [(6, time(10), time(12))]
    fit = find(schedule(daypart="morning", window=["07:00", "12:00"]), weekly)
    assert fit is not None
    assert fit.plan.times == (time(8),)
    assert dict(fit.plan.other_times) == {6: (time(10),)}
    assert fit.plan.missing == ()


def test_a_few_dates_may_be_missing_and_are_named() -> None:
    fit = find(schedule(times=["09:00"]), busy=spans((25, 8, 10, 0), (30, 0, 24, 0)))
    assert fit is not None
    assert fit.plan.missing == (date(2026, 11, 25), date(2026, 11, 30))
    assert len(fit.days) == 82


def test_with_more_than_one_in_ten_missing_it_is_no_plan() -> None:
    assert find(schedule(times=["09:00"]), busy=spans((25, 0, 24 * 9, 0))) is None


def test_another_moment_is_taken_rather_than_missing_dates() -> None:
    fit = find(schedule(daypart="morning", window=["07:00", "12:00"]), busy=spans((25, 9, 10, 0)))
    assert fit is not None
    assert fit.plan.times == (time(8),)
    assert fit.plan.missing == ()


def test_the_recipients_other_visits_are_kept_out_of_the_way_of() -> None:
    said = schedule(daypart="morning", window=["07:00", "12:00"])
    fit = find(said, avoid=spans((25, 9, 10, 0)))
    assert fit is not None
    assert fit.plan.times == (time(8),)
    # A clock time that was said is kept all the same.
    fit = find(schedule(times=["09:00"]), avoid=spans((25, 9, 10, 0)))
    assert fit is not None
    assert fit.plan.missing == ()


@pytest.mark.parametrize(
    ("times", "first", "days"),
    [(1, 0, (0,)), (2, 0, (0, 3)), (2, 1, (1, 4)), (3, 0, (0, 2, 4)), (7, 3, tuple(range(7)))],
)
def test_days_are_spread_over_the_week(times: int, first: int, days: tuple[int, ...]) -> None:
    assert spread(tuple(range(7)), times, first)[0] == days


def test_twice_a_week_gets_days_on_which_the_helper_can() -> None:
    fit = find(schedule(rrule="FREQ=WEEKLY", times_per_period=2), [(2, time(9), time(12)), (4, time(9), time(12))])
    assert fit is not None
    assert rule_fields(fit.plan.rrule or "")["BYDAY"] == "WE,FR"
    assert fit.days_a_week == 2
    assert find(schedule(rrule="FREQ=WEEKLY", times_per_period=2), [(2, time(9), time(12))]) is None


def test_twice_a_week_but_not_on_some_days_chooses_among_the_others() -> None:
    fit = find(schedule(rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA", times_per_period=2))
    assert fit is not None
    assert rule_fields(fit.plan.rrule or "")["BYDAY"] == "TU,FR"


def test_twice_a_month_is_two_weeks_apart() -> None:
    fit = find(schedule(rrule="FREQ=MONTHLY", times_per_period=2), OFFICE)
    assert fit is not None
    assert rule_fields(fit.plan.rrule or "")["BYDAY"] == "1MO,3MO"


def test_three_times_a_day_is_spread_over_the_day() -> None:
    fit = find(schedule(times_per_period=3), minutes=15)
    assert fit is not None
    assert len(fit.plan.times) == 3
    gaps = [after.hour - before.hour for before, after in zip(fit.plan.times, fit.plan.times[1:], strict=False)]
    assert min(gaps) >= 5


def test_visits_of_a_day_do_not_run_into_each_other() -> None:
    assert find(schedule(times_per_period=3, window=["09:00", "10:00"]), minutes=45) is None


def test_a_number_of_visits_that_lacks_dates_is_made_up_for() -> None:
    said = schedule(rrule="FREQ=DAILY;COUNT=20", times=["09:00"])
    fit = find(said, busy=spans((25, 8, 10, 0)))
    assert fit is not None
    assert fit.plan.missing == (date(2026, 11, 25),)
    assert len(fit.days) == 20
    assert max(fit.days) == date(2026, 12, 14)
    # The day that makes up for it must be possible too.
    assert find(said, busy=spans((25, 8, 10, 0), (44, 8, 10, 0))) is None


def test_a_single_visit_today_comes_later_today() -> None:
    fit = find(schedule(rrule=None, dtstart="2026-11-23", daypart="morning", window=["07:00", "12:00"]))
    assert fit is not None
    assert fit.first == datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
    assert find(schedule(rrule=None, dtstart="2026-11-23", times=["08:00"])) is None
    assert find(schedule(rrule=None, dtstart="2026-11-20")) is None


def test_a_night_starts_at_its_window() -> None:
    fit = find(schedule(daypart="night", window=["23:00", "07:00"]), minutes=480)
    assert fit is not None
    assert fit.plan.times == (time(23),)


def test_a_long_way_ahead_is_looked_at_there() -> None:
    fit = find(schedule(dtstart="2027-09-01"), [*OFFICE, (5, time(9), time(17)), (6, time(9), time(17))])
    assert fit is not None
    assert fit.days[0] == date(2027, 9, 1)


def test_without_a_first_date_there_is_no_plan() -> None:
    assert find(schedule(dtstart=None)) is None


def test_moments_to_choose_from_are_on_the_quarter_and_in_the_window() -> None:
    (choice,) = slots(schedule(window=["09:05", "10:35"]), 60)
    assert set(choice) == {time(9, 5), time(9, 20), time(9, 35)}


def test_free_is_free_to_the_minute() -> None:
    diary = Diary.of(ALWAYS, spans((25, 9, 10, 0), (25, 9, 9, 30)))
    assert diary.free_at(occurrence(date(2026, 11, 25), time(10), 60))
    assert diary.free_at(occurrence(date(2026, 11, 25), time(8), 60))
    assert not diary.free_at(occurrence(date(2026, 11, 25), time(9, 45), 60))
    assert not diary.free_at(occurrence(date(2026, 11, 25), time(8), 61))
