"""Tests of the masked text and the signals."""

from __future__ import annotations

from datetime import datetime

import pytest

from care.clock import TZ
from nlu.care_reader import CareReader

NOW = datetime(2026, 11, 23, 9, tzinfo=TZ)
READER = CareReader()


@pytest.mark.parametrize(
    ("language", "text", "masked"),
    [
        ("nl", "elke maandag om 9 uur schoonmaak", "EVERY_WEEKDAY CLOCK SERVICE_cleaning"),
        ("en", "not at Christmas, my son is 40", "not HOLIDAY , PERSON is NUMBER"),
        ("nl", "kan Maria weer komen", "NAME komen"),
    ],
)
def test_masked(language: str, text: str, masked: str) -> None:
    assert READER.read(text, language, NOW).masked == masked


@pytest.mark.parametrize(
    ("language", "text", "on", "off"),
    [
        ("nl", "elke maandag schoonmaak", {"service", "recurrence", "date"}, {"move", "negated_time", "time"}),
        ("nl", "volgende week niet", {"negated_time", "date"}, {"service", "recurrence"}),
        ("en", "move my shower to Wednesday from now on", {"move", "from_now_on", "service"}, {"negated_time"}),
        ("en", "cleaning every Monday at nine with a woman", {"time", "preference", "recurrence"}, {"other_agent"}),
    ],
)
def test_signals(language: str, text: str, on: set[str], off: set[str]) -> None:
    signals = READER.read(text, language, NOW).signals
    assert {name for name in on if signals[name]} == on
    assert not {name for name in off if signals[name]}
