"""Tests of things and bare hours in lists."""

from __future__ import annotations

import pytest

from nlu.grammar.clocks import Clock
from nlu.grammar.items import find
from nlu.packs import load

PACK = load("en")


def services(text: str) -> list[str]:
    """The services that the items of a message name."""
    return [key for item in find(text, PACK).items if item.class_ == "service" for key in item.value]


def hours(text: str) -> list[int]:
    """The clock times that the items of a message name, in hours."""
    whens = [item for item in find(text, PACK).items if item.class_ == "when"]
    clocks: list[Clock] = [clock for item in whens for clock in item.value.get("times", ())]
    return [clock.minutes // 60 for clock in clocks]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("nails every six weeks", ["pedicure"]),
        ("Tuesday hair, Friday post", ["hairdresser", "admin_help"]),
        ("Tuesday hair clips", []),
        ("supper at five and bed at nine", ["meals", "transfer"]),
        ("I do my own hair and feet on Monday", []),
        ("my cousin's hair on Tuesday", []),
    ],
)
def test_a_thing_names_a_service_only_beside_its_day(text: str, named: list[str]) -> None:
    assert services(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("breakfast 8, lunch 12, supper 6", [8, 12, 6]),
        ("Tues: physio 11", [11]),
        ("physio 11", []),
        ("Tues: physio 11 times", []),
    ],
)
def test_a_bare_number_is_an_hour_only_in_a_list(text: str, named: list[int]) -> None:
    assert hours(text) == named


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("Mon shower, Tue off, Wed shower", True),
        ("stockings Mon on, Tue off, Wed on", False),
        ("Tuesday off please", False),
    ],
)
def test_a_day_off_in_a_list(text: str, free: bool) -> None:
    assert any(item.class_ == "nothing" for item in find(text, PACK).items) == free
