"""Dates in digits that look like hours."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nlu.grammar.dashed import dates_with_dashes
from nlu.grammar.dates import Calendar
from nlu.grammar.items import find
from nlu.packs import load

PACK = load("nl")
CALENDAR = Calendar(date(2026, 11, 23))


def _dates(text: str) -> list[dict[str, Any]]:
    found = find(text, PACK)
    dates_with_dashes(found, CALENDAR)
    return [said for item in found.items if item.class_ == "when" for said in item.value.get("date", ())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 8 December 2026 is a Tuesday, and nobody has two hours for one visit.
        ("dinsdag 8-12 om kwart over tien de kapper", [{"day": 8, "month": 12, "is": "TU"}]),
        # Seven hours are a date rather.
        ("de kapper op donderdag 4-11", [{"day": 4, "month": 11, "is": "TH"}]),
        ("de kapper 9-12 om elf uur", [{"day": 9, "month": 12}]),
        ("de kapper van 2-12 hoeft niet", [{"day": 2, "month": 12}]),
        ("de kapper van 9-12 naar 11-12", [{"day": 9, "month": 12}, {"day": 11, "month": 12}]),
    ],
)
def test_dates(text: str, expected: list[dict[str, Any]]) -> None:
    assert _dates(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "poetshulp woensdag 9-12",
        "poetshulp 9-12 hoeft niet",
        "kapper 2-12",
        "poetshulp dinsdag 9-12 en vrijdag om elf uur de kapper",
        "elke dinsdag 8-12 schoonmaken",
        "schoonmaken 9-12, en om half drie de kapper",
        "maandag 9-12 en donderdag 13-17 uur oppas",
        "dinsdag 8-12 uur schoonmaken",
    ],
)
def test_hours(text: str) -> None:
    assert _dates(text) == []
