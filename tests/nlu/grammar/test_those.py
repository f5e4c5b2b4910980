"""Tests of days that were told and are pointed back to."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.items import find
from nlu.grammar.meaning import clauses
from nlu.grammar.those import point_back
from nlu.packs import load

PACK = load("en")


def pointed(text: str) -> list[dict[str, Any]]:
    found = find(text, PACK)
    point_back(found, clauses(found), PACK.but_words)
    return [item.value for item in found.items if item.class_ == "when"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Friday evenings I can't. Could someone come on those evenings?",
            [{"days": ["FR"], "part": "evening", "every": True}],
        ),
        ("I'm out Mondays. Could someone come on those days?", [{"days": ["MO"], "every": True}]),
        ("Could someone come on those evenings?", [{"part": "evening", "partly": True, "vague": "days"}]),
        ("Could someone come on the days she can't?", [{"vague": "days"}]),
    ],
)
def test_days_that_were_told_are_meant(text: str, expected: list[dict[str, Any]]) -> None:
    assert pointed(text) == expected


def test_other_days_are_meant_where_somebody_can_come_on_those_told() -> None:
    assert pointed("My aunt comes Monday to Friday. Could someone come on the days she can't?")[-1] == {
        "days": ["SA", "SU"],
        "every": True,
    }


def test_what_is_refused_points_to_nothing_new() -> None:
    found = find("She comes on Mondays, so nobody on those days", PACK)
    point_back(found, clauses(found), PACK.but_words)
    assert found.has("those")
