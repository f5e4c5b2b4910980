"""Days that are said twice, the second time between brackets."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.bracketed import days_in_brackets
from nlu.grammar.items import find
from nlu.packs import load

PACK = load("nl")


def _whens(text: str) -> list[dict[str, Any]]:
    found = find(text, PACK)
    days_in_brackets(found)
    return [item.value for item in found.items if item.class_ == "when"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("de kapper morgen (dinsdag)", [{"date": [{"rel": 1, "is": "TU"}]}]),
        ("de kapper op vrijdag (27 november)", [{"date": [{"day": 27, "month": 11, "is": "FR"}]}]),
        ("de kapper op 27-11 (vrijdag)", [{"date": [{"day": 27, "month": 11, "is": "FR"}]}]),
        # A day that comes back, two weekdays, or more between the brackets: each says something of its own.
        ("elke vrijdag (27 november)", [{"days": ["FR"], "every": True}, {"date": [{"day": 27, "month": 11}]}]),
        ("dinsdag (vrijdag)", [{"days": ["TU"]}, {"days": ["FR"]}]),
        ("morgen (niet dinsdag)", [{"date": [{"rel": 1}]}, {"days": ["TU"]}]),
        ("morgen dinsdag)", [{"date": [{"rel": 1, "is": "TU"}]}]),
    ],
)
def test_a_day_said_again_between_brackets(text: str, expected: list[dict[str, Any]]) -> None:
    assert _whens(text) == expected
