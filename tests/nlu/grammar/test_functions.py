"""Tests of what the patterns of the packs may call."""

from __future__ import annotations

from nlu.grammar.clocks import Clock
from nlu.grammar.day_functions import bare_nths, nights, overnight
from nlu.grammar.functions import before_hour, both_halves, clock, day_with, few_hours, hours, late_hour, placed


def test_clock_times() -> None:
    assert clock(9, -30) == Clock(510)
    assert clock(1, -30) == Clock(30)
    assert clock(3, 0, half="pm") == Clock(900, open=False)
    assert clock(14, 30) == Clock(870, open=False)
    assert clock(25) is None
    assert clock(13, 0, half="pm") is None


def test_an_hour_past_noon_on_a_clock_of_24_hours() -> None:
    assert late_hour(21) == Clock(21 * 60, open=False)
    assert late_hour(2) is None


def test_the_same_hour_twice_is_that_of_both_halves_of_the_day() -> None:
    assert both_halves(Clock(480), Clock(480)) == {"times": [Clock(480), Clock(480)]}
    assert both_halves(Clock(480), Clock(540)) is None
    assert both_halves(Clock(120), Clock(120)) is None


def test_a_low_hour_beside_a_day_may_be_a_length() -> None:
    assert day_with("TU", Clock(180)) == {"days": ["TU"], "times": [Clock(180)], "or_length": [180, 180]}
    assert day_with("TU", Clock(540)) == {"days": ["TU"], "times": [Clock(540)]}
    assert day_with("TU", Clock(180, open=False)) == {"days": ["TU"], "times": [Clock(180, open=False)]}


def test_days_of_the_month_without_an_article() -> None:
    assert bare_nths([1, 3], "FR") == {"nth": [[1, "FR"], [3, "FR"]]}
    assert bare_nths([-1], "FR") is None


def test_durations() -> None:
    assert hours(1.5) == [90, 90]
    assert hours(1, 2) == [60, 120]
    assert hours(9, 11) is None
    assert few_hours(8) is None
    assert before_hour(Clock(120)) is None


def test_a_clock_time_with_its_part_of_the_day() -> None:
    assert placed(Clock(11 * 60), "evening") == Clock(23 * 60, open=False)
    assert placed(Clock(18 * 60, open=False), "morning") is None


def test_nights_until_the_morning_of_another_day() -> None:
    assert nights("FR", "SU") == {"days": ["FR", "SA"], "part": "night"}
    assert nights("SU", "MO", every=True) == {"days": ["SU"], "part": "night", "every": True}


def test_from_an_hour_to_one_of_the_next_day() -> None:
    evening, morning = Clock(21 * 60, open=False), Clock(7 * 60, open=False)
    assert overnight("SU", evening, "MO", morning) == {"days": ["SU"], "span": [evening, morning]}
    assert overnight("SA", evening, "MO", morning) is None
