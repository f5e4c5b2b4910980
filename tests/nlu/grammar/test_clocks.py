"""Tests of which half of the day an hour is in."""

from __future__ import annotations

import pytest

from nlu.grammar.clocks import Clock, choose, choose_span, choose_times

HOUR = 60


@pytest.mark.parametrize(
    ("hour", "part", "service", "expected"),
    [
        (3, None, None, 15),
        (7, None, None, 7),
        (12, None, None, 12),
        (6, None, None, 18),
        (6, None, "stockings_on", 6),
        (9, None, "stockings_off", 21),
        (10, None, "night_waking", 22),
        (8, "evening", None, 20),
        (6, "morning", None, 6),
        (10, "night", None, 22),
        (2, "night", None, 2),
        (2, "afternoon", None, 14),
    ],
)
def test_an_hour_is_read_by_context(hour: int, part: str | None, service: str | None, expected: int) -> None:
    assert choose(Clock(hour * HOUR), part, service) == expected * HOUR


def test_an_hour_that_cannot_be_in_the_part_of_the_day() -> None:
    assert choose(Clock(18 * HOUR, open=False), "morning") is None


def test_times_in_a_list_go_up() -> None:
    assert choose_times([Clock(8 * HOUR), Clock(2 * HOUR), Clock(10 * HOUR)], None, None, "night") == [480, 840, 1320]
    assert choose_times([Clock(8 * HOUR), Clock(8 * HOUR)], None, None, None) == [480, 1200]


@pytest.mark.parametrize(
    ("first", "last", "part", "service", "expected"),
    [
        (10, 4, None, None, (10, 16)),
        (9, 11, None, None, (9, 11)),
        (2, 4, None, None, (14, 16)),
        (10, 7, None, "night_waking", (22, 7)),
        (7, 9, "evening", None, (19, 21)),
        (11, 1, None, None, (11, 13)),
    ],
)
def test_a_span_runs_to_the_first_such_hour(
    first: int, last: int, part: str | None, service: str | None, expected: tuple[int, int]
) -> None:
    span = choose_span(Clock(first * HOUR), Clock(last * HOUR), part, service)
    assert span == (expected[0] * HOUR, expected[1] * HOUR)
