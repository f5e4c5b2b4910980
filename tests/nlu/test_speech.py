"""Tests of requests as they are spoken and typed, and of changes that name the old time beside the new."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.nlu.test_care_reader import NOW, READER, in_words, rows


@pytest.mark.parametrize(("language", "row"), rows("speech"))
def test_requests(language: str, row: dict[str, Any]) -> None:
    assert [in_words(need) for need in READER.read(row["say"], language, NOW).needs] == row["needs"]


@pytest.mark.parametrize(
    ("language", "text", "dates", "scope"),
    [
        ("en", "Could tomorrow's groceries be done in the afternoon instead of the morning?", [24], "once"),
        ("nl", "Kan het douchen morgen om tien uur in plaats van acht, daarna weer zoals altijd", [24], "once"),
        ("nl", "Vanaf volgende maand de boodschappen op donderdag in plaats van vrijdag", [], "series"),
        ("en", "Please change the company to every Monday and Wednesday, it's only Mondays now", [], "series"),
    ],
)
def test_a_change_names_the_old_time_too(language: str, text: str, dates: list[int], scope: str) -> None:
    target = READER.read(text, language, NOW).change_target
    assert (target.dates, target.scope) == (tuple(date(2026, 11, day) for day in dates), scope)


def test_an_hour_behind_instead_of_is_not_wanted() -> None:
    needs = READER.read("Kan het douchen morgen om tien uur in plaats van acht?", "nl", NOW).needs
    assert [[time.hour for time in need.schedule.times] for need in needs] == [[10]]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Elke maandag en dinsdag de was, maar nooit op maandag of dinsdag want dan ben ik er niet"),
        ("en", "The laundry every Monday and Tuesday, but never on Monday or Tuesday"),
    ],
)
def test_what_is_wanted_and_never_wanted_contradicts_itself(language: str, text: str) -> None:
    assert READER.read(text, language, NOW).contradiction


@pytest.mark.parametrize(
    ("language", "text", "hour"),
    [
        ("en", "No, it was at three, not at four", 15),
        ("en", "That's wrong. It was at three and not at two", 15),
        ("nl", "nee het was om half drie, niet om half vier", 14),
        ("nl", "Dat klopt niet, voor moeder was het om drie uur", 15),
    ],
)
def test_what_it_was_is_what_was_meant_when_something_is_put_right(language: str, text: str, hour: int) -> None:
    needs = READER.read(text, language, NOW).change_needs
    assert [[time.hour for time in need.schedule.times] for need in needs] == [[hour]]
