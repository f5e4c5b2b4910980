"""How long somebody is away who tells both days."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.days_away import away_until
from nlu.grammar.found import Item
from nlu.grammar.items import find
from nlu.grammar.meaning import Clause, clauses
from nlu.packs import load

PACK = load("en")
FRIDAY = {"weekday": "FR"}


@pytest.mark.parametrize(
    ("text", "away"),
    [
        (
            "We leave on Friday and come back on Tuesday",
            [
                {"from": [FRIDAY]},
                {"until": {"weekday_after": "TU", "n": 1, "said": FRIDAY}, "inclusive": False},
            ],
        ),
        (
            "We leave on the 4th and come back on the 9th",
            [{"from": [{"day": 4}]}, {"until": {"day": 9}, "inclusive": False}],
        ),
        ("Skip Friday and come back on Tuesday", []),
        ("We leave on Fridays and come back on Tuesdays", []),
    ],
)
def test_away_from_the_one_day_until_the_other(text: str, away: list[dict[str, Any]]) -> None:
    found = find(text, PACK)
    left, back = ([item] for item in found.items if item.class_ == "when")
    assert [item.value for item in away_until(left, back, _clause_of(back[0], text), found)] == away


def _clause_of(item: Item, text: str) -> Clause:
    found = find(text, PACK)
    return next(clause for clause in clauses(found) if clause.start <= item.first < clause.end)
