"""Tests of what is asked because a reading is doubtful."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest

from care.clock import TZ
from nlu.care_reader import CareReader

NOW = datetime(2026, 11, 23, 9, tzinfo=TZ)


class Hears:
    """Hears the same in every text."""

    def __init__(self, odds: Mapping[str, float]) -> None:
        self.odds = odds

    def likely(self, text: str, language: str) -> Mapping[str, float]:
        return self.odds


def asked(text: str, language: str = "en", odds: Mapping[str, float] | None = None) -> list[list[str]]:
    reader = CareReader(Hears(odds)) if odds is not None else CareReader()
    return [list(need.ask) for need in reader.read(text, language, NOW).needs]


def test_where_another_way_of_cutting_is_nearly_as_good_it_is_asked() -> None:
    text = (
        "Elke dag om acht uur medicijnen en elke dag om negen uur wassen, vier weken lang, en daarna wekelijks een bad"
    )
    assert asked(text, "nl") == [["variant", "when"], ["when"], ["days", "time", "when"]]


@pytest.mark.parametrize(
    "text",
    [
        "stockings on every morning at eight and a walk on Tuesdays at two",
        "a walk every morning at eight, but at the weekend at nine",
    ],
)
def test_what_is_plain_is_not_asked(text: str) -> None:
    assert asked(text) == [[], []]


def test_two_days_that_are_only_told_may_be_of_what_is_asked() -> None:
    told = "On 13 June my son came, on 15 June my daughter was here. Dad needs a call every evening at eight."
    assert asked(told) == [["when"]]
    assert asked(told.replace(", on 15 June my daughter was here", "")) == [[]]


def test_a_service_that_nothing_sounds_like_is_asked() -> None:
    walk = "a walk every day at two"
    assert asked(walk, odds={"walk": 0.06, "none": 0.1}) == [[]]
    assert asked(walk, odds={"none": 0.5}) == [["service"]]
    assert asked(walk, odds={}) == [["service"]]
    assert asked(walk) == [[]]


def test_the_variants_of_a_family_sound_alike() -> None:
    assert "service" not in asked("someone to give me my tablets every day at two", odds={"med_hand_over": 0.4})[0]


@pytest.mark.parametrize(
    ("language", "text", "excluding"),
    [
        ("nl", "graag in de avond, om acht uur 's morgens, iemand voor de strijk", True),
        ("en", "help in the evening, at eight in the morning, with the ironing", True),
        ("nl", "graag 's avonds hulp, om acht uur 's morgens, met de strijk", True),
        ("nl", "graag in de avond, om acht uur, iemand voor de strijk", False),
        ("en", "in the morning the drops, at two in the afternoon a walk", False),
    ],
)
def test_two_times_of_day_that_exclude_each_other_contradict(language: str, text: str, excluding: bool) -> None:
    assert CareReader().read(text, language, NOW).contradiction is excluding


@pytest.mark.parametrize(
    ("text", "language", "clash"),
    [
        ("Elke maandag iemand voor de was, maar wel op vrijdag.", "nl", True),
        ("Op werkdagen hulp bij het douchen, dus zaterdag en zondag.", "nl", True),
        ("Every Monday somebody for the ironing, but on Friday.", "en", True),
        ("Elke maandag iemand voor de was, maar ook op vrijdag.", "nl", False),
        ("Elke maandag iemand voor de was, maar volgende week op vrijdag.", "nl", False),
        ("Op werkdagen om acht uur douchen, in het weekend om negen uur.", "nl", False),
        ("Doordeweeks om acht uur douchen, zaterdag en zondag ook.", "nl", False),
        ("Elke maandag de was, maar de ramen op vrijdag.", "nl", False),
    ],
)
def test_days_that_exclude_each_other_contradict(text: str, language: str, clash: bool) -> None:
    read = CareReader().read(text, language, NOW)
    assert (read.clash, read.contradiction) == (clash, clash)
