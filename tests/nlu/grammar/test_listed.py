"""Tests of days in short that are words as well."""

from __future__ import annotations

import pytest

from nlu.grammar.listed import days_by_capital
from nlu.grammar.spelling import respell
from nlu.packs import load
from nlu.tokens import tokenise

PACK = load("en")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("laundry Sat, church Sun 9.15", ["SA", "SU"]),
        ("mon cleaning, sat shopping", ["SA"]),
        ("mon cleaning, she sat with me", []),
        ("Sat with him all day", []),
        ("a walk in the sun on Monday", []),
    ],
)
def test_a_capital_or_other_days_in_short_make_a_day_of_a_word(text: str, days: list[str]) -> None:
    words = respell(text, tokenise(text), PACK)
    assert [day for _, day in days_by_capital(words, PACK)] == days
