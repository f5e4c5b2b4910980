"""Tests of meals and of times of day that are called after them."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.packs import load


def kinds(text: str, language: str = "en") -> list[tuple[str, object]]:
    return [
        (item.class_, item.value) for item in find(text, load(language)).items if item.class_ in ("when", "service")
    ]


MEAL = ("service", ["meals"])
EVENING = ("when", {"part": "evening", "partly": True})


@pytest.mark.parametrize(
    "text", ["help with my supper", "help at supper, and the windows cleaned", "somebody at dinner"]
)
def test_what_help_is_asked_with_is_the_meal(text: str) -> None:
    assert MEAL in kinds(text)


@pytest.mark.parametrize(
    "text", ["my drops with my supper", "help at supper with my pills", "a walk, and my drops with dinner"]
)
def test_beside_something_else_it_is_a_time_of_day(text: str) -> None:
    assert EVENING in kinds(text)


def test_of_a_list_of_meals_how_often_is_not_known() -> None:
    found = find("my tablets with breakfast, lunch and dinner please", load("en"))
    assert found.loose or [item for item in found.items if item.class_ == "when"]
