"""Tests of what phrases mean beside each other."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.clocks import Clock
from nlu.grammar.items import find
from nlu.packs import load

WEEKDAYS: dict[str, Any] = {"days": ["MO", "TU", "WE", "TH", "FR"], "every": True}
FRIDAYS: dict[str, Any] = {"days": ["FR"], "every": True}


def said(language: str, text: str, class_: str = "when") -> list[Any]:
    """What the phrases of a class in a message say."""
    return [item.value for item in find(text, load(language)).items if item.class_ == class_]


@pytest.mark.parametrize(
    ("language", "text", "whens"),
    [
        ("en", "Six physio sessions please", [{"count": 6}]),
        ("en", "At ten instead of eight", [{"times": [Clock(600)]}, {"times": [Clock(480)], "role": "from"}]),
        ("nl", "Elke dag wandelen, behalve zo", [{"freq": "DAILY"}, {"days": ["SU"]}]),
        ("nl", "Elke dag wandelen, niet zo handig", [{"freq": "DAILY"}]),
        (
            "en", "Shopping on Fridays, and also at weekends a walk",
            [FRIDAYS, {"days": ["SA", "SU"], "every": True, "weekend": True}],
        ),
        ("nl", "8 uur wassen, half 1 eten, 2 uur wandelen", [{"times": [Clock(hour)]} for hour in (480, 30, 120)]),
        ("nl", "8 uur wassen, 2 uur wandelen", [{"times": [Clock(480)]}, {"dur": [120, 120]}]),
        (
            "en", "In September I'm not in on the 10th and the 11th",
            [{"date": [{"day": 10, "month": 9}, {"day": 11, "month": 9}]}],
        ),
        ("en", "Tablets at breakfast", [{"part": "morning", "partly": True}]),
    ],
)  # fmt: skip
def test_what_stands_beside_a_phrase_makes_another_of_it(language: str, text: str, whens: list[Any]) -> None:
    assert said(language, text) == whens


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Help into bed on weekdays, weekends as well", [["SA", "SU"]]),
        ("Shopping on Fridays, and also at weekends a walk", []),
    ],
)
def test_days_are_added_where_no_service_follows(text: str, days: list[list[str]]) -> None:
    assert said("en", text, "included") == days


def test_at_breakfast_asks_for_a_meal_where_nothing_else_is_asked_for() -> None:
    assert said("en", "Somebody at breakfast every day", "service") == [["meals"]]


def test_an_aside_takes_no_part_of_a_date() -> None:
    assert said("en", "It is done on the 16th of March") == [{"date": [{"day": 16, "month": 3}]}]


@pytest.mark.parametrize(("language", "parted"), [("nl", {4}), ("en", set())])
def test_where_the_verb_is_second_who_does_something_begins_a_clause(language: str, parted: set[int]) -> None:
    text = {
        "nl": "Graag om acht uur mijn broer doet het op zondag",
        "en": "Please at eight my brother does it on Sunday",
    }
    assert find(text[language], load(language)).parted == parted


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("ma: wassen\nzo 11.00 wandelen", [["MO"], ["SU"]]),
        ("- ma + wo: wassen\n- vr: wandelen", [["MO", "WE"], ["FR"]]),
        ("ma wassen 9 uur\ndo ramen 10 uur", [["MO"], ["TH"]]),
        ("zo 11.00 wandelen", []),
        ("zo: wandelen", []),
        ("wassen om negen uur\nzo: dat was het", []),
        ("de was op maandag, donderdag heb ik koor", [["MO"], ["TH"]]),
        ("de was op maandag, dinsdag, donderdag ben ik bij mijn zus", [["MO", "TU"], ["TH"]]),
        ("op maandag, donderdag graag hulp", [["MO", "TH"]]),
        ("op maandag en donderdag heb ik hulp nodig", [["MO", "TH"]]),
    ],
)
def test_days_that_begin_a_line_or_a_clause_of_their_own(text: str, days: list[list[str]]) -> None:
    assert [when["days"] for when in said("nl", text) if "days" in when] == days
