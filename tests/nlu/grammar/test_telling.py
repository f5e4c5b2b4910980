"""Tests of the signs by which a clause only tells."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.meaning import Clause, clauses
from nlu.grammar.telling import goes_on_with_things, like_before, only_of_the_day, says_hour
from nlu.packs import load


def row(text: str) -> list[Clause]:
    return clauses(find(text, load("nl")))


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("zaterdag is hij naar de soos en zondag bij onze zoon", True),
        ("zaterdag is hij naar de soos en zondag graag de was", False),
        ("zaterdag is hij naar de soos, zondag bij onze zoon", False),
    ],
)
def test_a_day_and_somebody_behind_and_are_told_like_what_stands_before(text: str, alike: bool) -> None:
    assert like_before(row(text)[-1]) is alike


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("weet wel dat we een hond hebben en een kat", True),
        ("weet wel dat we een hond hebben en graag elke dag hulp", False),
        ("weet wel dat we een hond hebben, en elke dag de was", False),
    ],
)
def test_things_behind_and_are_part_of_a_note(text: str, things: bool) -> None:
    assert goes_on_with_things(row(text)[-1]) is things


def test_what_names_only_a_part_of_the_day() -> None:
    assert only_of_the_day(row("'s avonds zitten we lang op het balkon"))
    assert not only_of_the_day(row("'s avonds hebben we het liefst"))
    assert not only_of_the_day(row("om acht uur zitten we op het balkon"))
    assert says_hour(row("om acht uur zitten we op het balkon"))
    assert not says_hour(row("'s avonds zitten we lang op het balkon"))
