"""Tests of what a message puts right: the number and the hour that are meant, not those that were wrong."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from care.clock import local
from nlu.care_reader import CareReader

READER = CareReader()
NOW = local(datetime(2026, 11, 23, 9, 0))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "kwart over acht was het, niet kwart over negen"),
        ("nl", "kwart over acht moest het zijn, niet kwart over zeven!"),
        ("en", "quarter past eight it was, not quarter past nine"),
    ],
)
def test_the_hour_that_it_was_is_meant(language: str, text: str) -> None:
    assert [need.schedule.times for need in READER.read(text, language, NOW).change_needs] == [(time(8, 15),)]


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "Ik zei een uur maar het moeten er drie zijn"), ("en", "I said an hour but it should be three")],
)
def test_the_number_that_it_should_be_takes_the_place_of_the_other(language: str, text: str) -> None:
    assert [need.schedule.duration_minutes for need in READER.read(text, language, NOW).change_needs] == [180]
