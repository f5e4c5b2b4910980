"""Tests of needs that are one."""

from __future__ import annotations

from datetime import date, time

from care.needs import Need
from care.schedule import DAYPARTS, Schedule
from nlu.grammar.merging import merged, ordered

MONDAY, FRIDAY, JANUARY = date(2026, 11, 30), date(2026, 11, 27), date(2027, 1, 4)


def weekly(day: str, start: date, service: str = "groceries") -> Need:
    return Need(service, Schedule(f"FREQ=WEEKLY;BYDAY={day}", start), ask=("time",))


def test_two_days_of_one_service_are_one_need() -> None:
    (need,) = merged([weekly("FR", FRIDAY), weekly("MO", MONDAY)])
    assert (need.schedule.rrule, need.schedule.dtstart) == ("FREQ=WEEKLY;BYDAY=MO,FR", FRIDAY)


def test_days_that_begin_later_are_another_need() -> None:
    assert len(merged([weekly("FR", FRIDAY), weekly("MO", JANUARY)])) == 2


def test_other_services_stay_apart() -> None:
    assert len(merged([weekly("FR", FRIDAY), weekly("FR", FRIDAY, "walk")])) == 2


def daily(times: tuple[time, ...] = (), part: str | None = None) -> Need:
    return Need(
        "eye_drops", Schedule("FREQ=DAILY", FRIDAY, times=times, window=DAYPARTS[part] if part else None, daypart=part)
    )


def test_clock_times_say_more_than_the_parts_of_the_day_they_are_in() -> None:
    exact = daily((time(7), time(21)))
    assert merged([daily(part="morning"), daily(part="evening"), exact]) == [exact]
    assert len(merged([daily(part="afternoon"), exact])) == 2


def test_clock_times_of_one_rule_are_one_need() -> None:
    (need,) = merged([daily((time(14),)), daily((time(10),))])
    assert need.schedule.times == (time(10), time(14))


def test_what_is_asked_is_in_order_and_said_once() -> None:
    assert ordered(["time", "when", "service", "time"]) == ("service", "time", "when")
