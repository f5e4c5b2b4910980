"""Tests of which service a request without a known word is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest

from care.clock import TZ
from nlu.care_reader import CareReader

NOW = datetime(2026, 11, 23, 9, tzinfo=TZ)


class Said:
    """A guesser that answers as told, and keeps what it was asked about."""

    def __init__(self, **odds: float) -> None:
        self.odds = odds
        self.asked: list[str] = []

    def likely(self, text: str, language: str) -> Mapping[str, float]:
        self.asked.append(text)
        return {**self.odds, "none": 1.0 - sum(self.odds.values())}


def read(text: str, guesser: Said | None, language: str = "en") -> list[tuple[str | None, bool]]:
    """The services of a request, each with whether it is asked."""
    needs = CareReader(guesser).read(text, language, NOW).needs
    return [(need.service, "service" in need.ask) for need in needs]


def test_without_a_guesser_an_unknown_service_is_asked() -> None:
    assert read("someone to frobnicate the gadget on Monday at nine", None) == [(None, True)]


@pytest.mark.parametrize(
    ("odds", "found"),
    [
        ({"odd_jobs": 0.9}, [("odd_jobs", False)]),
        ({"odd_jobs": 0.5}, [("odd_jobs", True)]),
        ({"odd_jobs": 0.2}, [(None, True)]),
        ({}, [(None, True)]),
    ],
)
def test_a_guess_is_believed_when_sure_and_asked_when_likely(
    odds: dict[str, float], found: list[tuple[str | None, bool]]
) -> None:
    assert read("someone to frobnicate the gadget on Monday at nine", Said(**odds)) == found


class Gadget(Said):
    """Hears a job in the gadget alone."""

    def likely(self, text: str, language: str) -> Mapping[str, float]:
        return super().likely(text, language) if "gadget" in text and "windows" not in text else {"windows": 1.0}


def test_a_sentence_of_its_own_is_rather_what_it_sounds_like_than_what_was_named_before() -> None:
    text = "The windows every Friday at ten. Frobnicate the gadget for me, every Monday at nine."
    assert read(text, Gadget(odd_jobs=0.9)) == [("windows", False), ("odd_jobs", False)]
    assert read(text, Gadget(odd_jobs=0.6)) == [("windows", False), ("odd_jobs", True)]
    assert read(text, Gadget(odd_jobs=0.1)) == [("windows", False), (None, True)]


def test_variants_of_a_family_count_together() -> None:
    guesser = Said(med_reminder=0.3, med_hand_over=0.3, med_administer=0.3)
    assert read("someone to frobnicate the gadget on Monday at nine", guesser) == [("medication", False)]


def test_a_sure_guess_overrules_a_word() -> None:
    text = "the windows every Monday at nine"
    assert read(text, Said(cleaning=0.95, windows=0.01)) == [("cleaning", False)]
    assert read(text, Said(cleaning=0.8, windows=0.15)) == [("windows", False)]


def test_what_says_when_is_not_shown_to_the_guesser() -> None:
    guesser = Said()
    read("frobnicate the gadget every Monday at nine", guesser)
    assert guesser.asked == ["frobnicate the gadget"]


def test_a_service_told_of_just_before_is_meant() -> None:
    text = "Het schoonmaken doet ze al jaren niet meer zelf; daarvoor zoeken we elke donderdag iemand van 13 tot 16 uur"
    assert read(text, None, "nl") == [("cleaning", False)]


def test_a_woman_for_the_washing_washes_the_person() -> None:
    assert read("a woman for the washing, every day at eight", None) == [("personal_care", False)]
    assert read("someone for the washing, every Monday at eight", None) == [("laundry", False)]


def test_who_does_it_overrules_nothing_that_is_to_be_done() -> None:
    guesser = Said(nursing=0.9, injection=0.06)
    assert read("a nurse for my father's insulin every morning", guesser) == [("injection", False)]
    assert read("a nurse every morning at eight", guesser) == [("nursing", False)]
