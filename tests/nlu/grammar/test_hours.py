"""Tests of times, windows and durations."""

from __future__ import annotations

from datetime import time

from nlu.grammar.clocks import Clock
from nlu.grammar.hours import read_hours


def test_a_span_tells_how_long_and_between_does_not() -> None:
    span = [Clock(10 * 60), Clock(16 * 60, open=False)]
    assert read_hours({"span": span}, None).duration == 360
    assert read_hours({"between": span}, None).duration is None


def test_every_night_at_nine_is_in_the_evening() -> None:
    hours = read_hours({"part": "night", "times": [Clock(9 * 60)]}, None)
    assert (hours.times, hours.daypart) == ((time(21),), "evening")


def test_after_and_before() -> None:
    assert read_hours({"after": Clock(10 * 60)}, None).window == (time(10), time(18))
    assert read_hours({"before": Clock(9 * 60), "part": "morning"}, None).window == (time(7), time(9))


def test_six_in_the_evening_is_no_morning() -> None:
    assert read_hours({"part": "morning", "times": [Clock(18 * 60, open=False)]}, None).contradiction


def test_help_into_bed_at_ten_is_at_night() -> None:
    assert read_hours({"late": True, "times": [Clock(10 * 60)]}, "transfer").times == (time(22),)


def test_what_has_passed() -> None:
    assert read_hours({"times": [Clock(8 * 60)]}, None).passed(time(9))
    assert not read_hours({"part": "night"}, None).passed(time(23, 30))
    assert not read_hours({"part": "morning"}, None).passed(time(9))
