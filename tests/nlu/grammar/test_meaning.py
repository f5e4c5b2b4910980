"""Tests of the clauses of a message, and of clauses that only say from when or until when."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.meaning import clauses, only_limits
from nlu.packs import load


def last_clause(text: str, language: str = "en") -> bool:
    found = find(text, load(language))
    return only_limits(clauses(found)[-1], found)


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("Starting Monday 19 April they'll need a good deal.", True),
        ("All of it, starting tomorrow, the house too.", True),
        ("Until the end of May we would need somebody.", True),
        ("We were happy here until last May.", False),
        ("From 3 May my sister comes.", False),
        ("From 3 May the garden.", False),
        ("Every day at two.", False),
    ],
)
def test_a_clause_that_only_says_from_when_or_until_when(text: str, only: bool) -> None:
    assert last_clause(text) is only


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("lunch daily (not sundays) at noon", True),
        ("lunch daily (warm) not sundays", False),
        ("a) lunch not sundays", False),
    ],
)
def test_what_stands_between_brackets(text: str, inside: bool) -> None:
    found = find(text, load("en"))
    place = next(at for at, word in enumerate(found.words) if word.text == "sundays")
    assert found.in_brackets(place) is inside
