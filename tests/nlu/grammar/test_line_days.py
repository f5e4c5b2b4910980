"""Tests of days that begin the entries of a list, and of ordinals whose month was said before."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.items import find
from nlu.packs import load


def whens(text: str, *keys: str) -> list[Any]:
    items = find(text, load("nl")).items
    return [item.value[key] for item in items if item.class_ == "when" for key in keys if key in item.value]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("ma wassen, di boodschappen", [["MO"], ["TU"]]),
        ("wekelijks wo de tuin en za iemand om te wandelen", [["WE"], ["SA"]]),
        ("vr. wassen, za. boodschappen", [["FR"], ["SA"]]),
        ("elke maandag wassen, do de boodschappen", [["MO"], ["TH"]]),
        ("ma wassen", []),
        ("ma wassen, ma aankleden", []),
        ("ma wassen, zo nodig boodschappen", []),
        ("elke maandag ma wassen", [["MO"]]),
    ],
)
def test_short_days_begin_the_entries_of_a_list(text: str, days: list[list[str]]) -> None:
    assert whens(text, "days") == days


@pytest.mark.parametrize(
    ("text", "nth"),
    [
        ("eerste maandag van de maand ramen, 3e dinsdag tuin", [[[1, "MO"]], [[3, "TU"]]]),
        ("eerste maandag van de maand ramen, dinsdag tuin", [[[1, "MO"]]]),
        ("derde dinsdag tuin", []),
    ],
)
def test_an_ordinal_is_of_the_month_that_was_said_before(text: str, nth: list[Any]) -> None:
    assert whens(text, "nth") == nth
