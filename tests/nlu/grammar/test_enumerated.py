"""Tests of the numbers and letters of a list within a line."""

from __future__ import annotations

import pytest

from nlu.grammar.enumerated import with_stops
from nlu.grammar.spelling import respell
from nlu.packs import load
from nlu.tokens import tokenise

PACK = load("en")


def stopped(text: str) -> str:
    return " ".join(word.text for word in with_stops(respell(text, tokenise(text), PACK)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a) garden b) windows", "a ) garden . ) windows"),
        ("1) garden at 2 2) windows", "1 ) garden at 2 . ) windows"),
        ("garden (at 2) windows (at 3)", "garden ( at 2 ) windows ( at 3 )"),
        ("1) garden", "1 ) garden"),
        ("garden 2) windows 3) walk", "garden 2 ) windows 3 ) walk"),
        ("1) garden. 2) windows", "1 ) garden . 2 ) windows"),
    ],
)
def test_what_goes_on_a_list_begins_a_sentence(text: str, expected: str) -> None:
    assert stopped(text) == expected
