"""Tests of which needs a wish for who comes is of."""

from __future__ import annotations

from datetime import datetime

import pytest

from care.clock import TZ
from nlu.care_reader import CareReader
from nlu.grammar.items import find
from nlu.packs import load

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)


def genders(text: str, language: str = "en") -> list[str | None]:
    """The helper that is wished for each need."""
    return [need.preferences.helper_gender for need in CareReader().read(text, language, NOW).needs]


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("A woman for the bath on Mondays at nine, and the lawn every Friday at two", ["female", None]),
        ("The lawn every Friday at two, and a woman for the bath on Mondays at nine", [None, "female"]),
        ("A bath on Mondays at nine, rather a woman, and the lawn every Friday at two", ["female", None]),
        ("The lawn every Friday at two and a bath on Mondays at nine, both by a man", ["male", "male"]),
        ("The lawn every Friday at two. A bath on Mondays at nine. Preferably a man.", ["male", "male"]),
        ("Preferably a man: the lawn every Friday at two, a bath on Mondays at nine", ["male", "male"]),
        (
            "A bath on Mondays at nine and on Thursdays at ten by a woman, the lawn daily at two",
            ["female", "female", None],
        ),
    ],
)
def test_a_wish_is_of_the_need_it_stands_with(text: str, wished: list[str | None]) -> None:
    assert genders(text) == wished


def test_a_wish_at_the_head_of_a_sentence_is_of_all_in_it() -> None:
    assert genders("Rather a woman, on Mondays the bath at nine and on Fridays the ironing at two")[0] == "female"


def test_all_of_it_by_somebody_says_nothing_of_when() -> None:
    needs = (
        CareReader()
        .read("The bath on Tuesday mornings, the cream daily at eight, all of it by a lady", "en", NOW)
        .needs
    )
    assert needs[0].schedule.times == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Not Joan, I meant Jean", ["Jean"]), ("Petra, not Peter", ["Petra"]), ("Not Peter please", [])],
)
def test_who_is_meant_and_who_is_not(text: str, meant: list[str]) -> None:
    named = [item.value for item in find(text, load("en")).items if item.class_ == "preference"]
    assert [value["helper_name"] for value in named] == meant
