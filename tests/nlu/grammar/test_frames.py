"""Tests of which phrases go together in one schedule."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.frames import Frame


@pytest.mark.parametrize(
    ("first", "second", "close", "together"),
    [
        ({"freq": "WEEKLY"}, {"days": ["TU"]}, True, True),
        ({"freq": "DAILY", "part": "morning"}, {"days": ["TU"]}, False, False),
        ({"days": ["MO"]}, {"days": ["TU"]}, True, False),
        ({"freq": "DAILY"}, {"freq": "WEEKLY", "days": ["FR"], "interval": 2}, True, False),
        ({"part": "morning"}, {"part": "evening"}, True, False),
        ({"part": "morning"}, {"part": "early_morning"}, True, True),
        ({"dur": [60, 60]}, {"dur": [30, 30]}, True, False),
        ({"date": [{"rel": 1}]}, {"freq": "WEEKLY", "then": True}, False, True),
    ],
)
def test_phrases_that_go_together(first: dict[str, Any], second: dict[str, Any], close: bool, together: bool) -> None:
    frame = Frame()
    assert frame.add(first, close=True, direct=False)
    assert frame.add(second, close=close, direct=False) is together


def test_two_parts_of_the_day_in_one_breath_contradict_each_other() -> None:
    frame = Frame()
    frame.add({"freq": "DAILY", "part": "morning"}, close=True, direct=False)
    assert frame.add({"part": "evening"}, close=True, direct=True)
    assert frame.contradiction


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [
        ({"freq": "DAILY"}, {"days": ["SU"], "every": True}, True),
        ({"days": ["MO", "TH"]}, {"freq": "DAILY"}, True),
        ({"freq": "DAILY"}, {"days": ["MO", "TU", "WE", "TH", "FR"], "every": True}, False),
        ({"freq": "DAILY", "a_day": True, "dur": [60, 60]}, {"days": ["SU"]}, False),
        ({"freq": "DAILY"}, {"days": ["SU"], "times": [9]}, False),
    ],
)
def test_each_day_and_a_day_or_two_of_the_week_are_asked(
    first: dict[str, Any], second: dict[str, Any], asked: bool
) -> None:
    frame = Frame()
    assert frame.add(first, close=True, direct=False)
    assert frame.add(second, close=True, direct=False)
    assert ("days" in frame.unsure) is asked
