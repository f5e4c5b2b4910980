"""A need is mended by what is said later, and by nothing else."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from care.clock import TZ
from care.mending import first_to_come, mend
from care.needs import Need, Preferences
from care.schedule import DAYPARTS, Schedule

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)  # a Monday
DAILY = Schedule(rrule="FREQ=DAILY", dtstart=date(2026, 11, 23))


def need(schedule: Schedule = DAILY, **fields: object) -> Need:
    return Need(service="companionship", schedule=schedule, **fields)  # type: ignore[arg-type]


def test_a_time_is_added_and_no_longer_asked() -> None:
    mended = mend(need(ask=("time",)), Need(None, Schedule(times=(time(10),))), NOW)
    assert mended.schedule.times == (time(10),)
    assert mended.schedule.rrule == "FREQ=DAILY"
    assert mended.ask == ()


def test_a_clock_time_that_is_past_today_begins_tomorrow() -> None:
    mended = mend(need(), Need(None, Schedule(times=(time(8),))), NOW)
    assert mended.schedule.dtstart == date(2026, 11, 24)


def test_one_of_several_times_still_to_come_begins_today() -> None:
    mended = mend(need(), Need(None, Schedule(times=(time(8), time(20)))), NOW)
    assert mended.schedule.dtstart == date(2026, 11, 23)


def test_days_replace_days_and_the_time_stays() -> None:
    old = need(Schedule(rrule="FREQ=DAILY", dtstart=date(2026, 11, 23), times=(time(10),)))
    said = Need(None, Schedule(rrule="FREQ=WEEKLY;BYDAY=TU", dtstart=date(2026, 11, 24)))
    mended = mend(old, said, NOW).schedule
    assert (mended.rrule, mended.dtstart, mended.times) == ("FREQ=WEEKLY;BYDAY=TU", date(2026, 11, 24), (time(10),))


def test_a_single_weekday_said_of_a_series_names_its_day() -> None:
    old = need(Schedule(rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", dtstart=date(2026, 11, 30)))
    mended = mend(old, Need(None, Schedule(dtstart=date(2026, 11, 25))), NOW).schedule
    assert mended.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"
    assert mended.dtstart == date(2026, 11, 25)


def test_an_end_said_before_stays_when_the_days_change() -> None:
    old = need(Schedule(rrule="FREQ=DAILY;UNTIL=20261224", dtstart=date(2026, 11, 23)))
    said = Need(None, Schedule(rrule="FREQ=WEEKLY;BYDAY=TU", dtstart=date(2026, 11, 24)))
    assert mend(old, said, NOW).schedule.rrule == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261224"


def test_a_late_start_said_before_stays_when_the_days_change() -> None:
    old = need(Schedule(rrule="FREQ=WEEKLY", dtstart=date(2027, 1, 1), times_per_period=2))
    said = Need(None, Schedule(rrule="FREQ=WEEKLY;BYDAY=TU,FR", dtstart=date(2026, 11, 24)))
    mended = mend(old, said, NOW).schedule
    assert mended.dtstart == date(2027, 1, 1)
    assert mended.times_per_period is None


def test_a_single_visit_moves_to_the_date_said() -> None:
    old = need(Schedule(dtstart=date(2026, 11, 26), times=(time(14),)))
    mended = mend(old, Need(None, Schedule(dtstart=date(2026, 11, 27))), NOW).schedule
    assert (mended.rrule, mended.dtstart, mended.times) == (None, date(2026, 11, 27), (time(14),))


def test_a_new_clock_time_keeps_the_part_of_the_day_it_lies_in() -> None:
    old = need(DAILY.with_daypart("morning"))
    inside = mend(old, Need(None, Schedule(times=(time(9, 30),))), NOW).schedule
    outside = mend(old, Need(None, Schedule(times=(time(20),))), NOW).schedule
    assert inside.daypart == "morning"
    assert outside.daypart is None
    assert outside.window is None


def test_wishes_are_added_to_wishes() -> None:
    old = need(preferences=Preferences(helper_kind="volunteer"))
    said = Need(None, Schedule(), Preferences(helper_gender="female"))
    assert mend(old, said, NOW).preferences == Preferences(helper_kind="volunteer", helper_gender="female")


@pytest.mark.parametrize("interval", [2, 3])
def test_a_rule_that_skips_keeps_its_first_date_while_that_is_to_come(interval: int) -> None:
    schedule = Schedule(rrule=f"FREQ=WEEKLY;INTERVAL={interval};BYDAY=TU", dtstart=date(2026, 12, 1))
    assert first_to_come(schedule, NOW).dtstart == date(2026, 12, 1)


DAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=7, unique=True)
MOMENTS = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 12, 31))


@given(days=DAYS, moment=MOMENTS, clock=st.times(), daypart=st.sampled_from(sorted(DAYPARTS)))
def test_what_comes_first_is_an_occurrence_that_is_not_over(
    days: list[str], moment: datetime, clock: time, daypart: str
) -> None:
    now = moment.replace(tzinfo=TZ)
    old = Schedule(rrule="FREQ=WEEKLY;BYDAY=" + ",".join(days), dtstart=now.date())
    for said in (Schedule(times=(clock.replace(second=0, microsecond=0),)), Schedule().with_daypart(daypart)):
        mended = mend(need(old), Need(None, said), now).schedule
        assert mended.dtstart is not None
        assert ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][mended.dtstart.weekday()] in days
        assert mended.dtstart >= now.date()
        if mended.dtstart == now.date() and mended.times:
            assert mended.times[0] > now.time()


@given(moment=MOMENTS)
def test_nothing_said_changes_nothing_but_a_first_date_that_is_past(moment: datetime) -> None:
    now = moment.replace(tzinfo=TZ)
    # In the last minute of the day the visit of today is over.
    assume(moment.time() < time(23, 59))
    old = need(Schedule(rrule="FREQ=DAILY", dtstart=now.date(), times=(time(23, 59),)))
    assert mend(old, Need(None, Schedule()), now) == old


def test_every_week_is_on_the_day_that_was_named() -> None:
    old = need(Schedule(dtstart=date(2026, 11, 24), times=(time(10),)))
    mended = mend(old, Need(None, Schedule(rrule="FREQ=WEEKLY", dtstart=date(2026, 11, 23))), NOW).schedule
    assert (mended.rrule, mended.dtstart) == ("FREQ=WEEKLY;BYDAY=TU", date(2026, 11, 24))


def test_every_other_week_keeps_the_weekday() -> None:
    old = need(Schedule(rrule="FREQ=WEEKLY;BYDAY=SA", dtstart=date(2026, 11, 28), times=(time(10),)))
    mended = mend(old, Need(None, Schedule(rrule="FREQ=WEEKLY;INTERVAL=2", dtstart=date(2026, 11, 23))), NOW).schedule
    assert (mended.rrule, mended.dtstart) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", date(2026, 11, 28))
