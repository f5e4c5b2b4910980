"""Tests of the items of a message."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.packs import load


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
