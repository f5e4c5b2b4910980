"""Tests of what a message takes back."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.clocks import Clock
from nlu.grammar.corrections import FAR, Corrections
from nlu.grammar.items import find
from nlu.grammar.meaning import Sense
from nlu.packs import load
from tests.nlu.test_care_reader import NOW, READER, in_words

MONDAY: dict[str, Any] = {"days": ["MO"]}
TUESDAY: dict[str, Any] = {"days": ["TU"]}
CLEANING, LAUNDRY, WINDOWS = ["cleaning"], ["laundry"], ["windows"]


def meant(text: str, language: str = "en") -> tuple[list[Any], bool]:
    """The services and schedule phrases that still count, and whether something was taken back."""
    pack, sense, dropped = load(language), Sense(), set[int]()
    found = find(text, pack)
    Corrections(found, pack, sense, dropped).take()
    left = [item for item in found.items if item.class_ in ("when", "service") and id(item) not in dropped]
    return [item.value for item in left], sense.corrected


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        ("en", "Cleaning on Monday, sorry, Tuesday", [CLEANING, TUESDAY]),
        ("nl", "Schoonmaken op maandag, nee dinsdag", [CLEANING, TUESDAY]),
        ("en", "Cleaning at nine, sorry, at ten", [CLEANING, {"times": [Clock(600)]}]),
        ("nl", "Schoonmaken om negen uur, nee om tien uur", [CLEANING, {"times": [Clock(600)]}]),
        ("en", "Cleaning for an hour, sorry, for two hours", [CLEANING, {"dur": [120, 120]}]),
        ("en", "Cleaning twice a week, sorry, three times a week", [CLEANING, {"per": {"n": 3, "unit": "week"}}]),
        ("en", "The windows on Monday, sorry, the laundry", [MONDAY, LAUNDRY]),
        ("nl", "De ramen op maandag, sorry, ik bedoel de was", [MONDAY, LAUNDRY]),
    ],
)
def test_what_was_said_first_is_dropped(language: str, text: str, left: list[Any]) -> None:
    assert meant(text, language) == (left, True)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Cleaning on Monday, sorry, at ten", [CLEANING, MONDAY, {"times": [Clock(600)]}]),
        ("Cleaning at nine, sorry, on Monday", [CLEANING, {"times": [Clock(540)]}, MONDAY]),
        ("Cleaning for an hour, sorry, on Monday", [CLEANING, {"dur": [60, 60]}, MONDAY]),
        ("On Monday, sorry, the laundry", [MONDAY, LAUNDRY]),
    ],
)
def test_what_is_of_another_kind_takes_nothing_back(text: str, left: list[Any]) -> None:
    assert meant(text) == (left, False)


def test_the_nearest_of_its_kind_is_taken_back() -> None:
    text = "Cleaning on Monday at nine and the laundry on Friday at ten, sorry, Tuesday"
    assert meant(text)[0] == [CLEANING, MONDAY, {"times": [Clock(540)]}, LAUNDRY, {"times": [Clock(600)]}, TUESDAY]


def test_each_correction_takes_back_one() -> None:
    assert meant("Cleaning on Monday, sorry, Friday, sorry, Tuesday") == ([CLEANING, TUESDAY], True)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Cleaning every Monday, sorry, Tuesday"), ("nl", "Elke maandag schoonmaken, nee dinsdag")],
)
def test_what_came_back_still_does(language: str, text: str) -> None:
    assert meant(text, language)[0] == [CLEANING, {"every": True, "days": ["TU"]}]


def test_an_hour_does_not_come_back_by_itself() -> None:
    assert meant("Cleaning every Monday at nine, sorry, at ten")[0][-1] == {"times": [Clock(600)]}
    assert "every" not in meant("Cleaning every Monday morning, sorry, afternoon")[0][-1]


def test_behind_a_new_need_nothing_before_it_is_taken_back() -> None:
    assert meant("Cleaning on Monday. A walk as well, sorry, Tuesday")[1]
    assert not meant("Cleaning on Monday. Besides, I want a walk, sorry, Tuesday")[1]


def test_what_was_said_long_before_is_not_taken_back() -> None:
    near, far = (
        "Cleaning on Monday" + "".join(f" {chr(97 + at) * 6}" for at in range(count)) + " sorry Tuesday"
        for count in (FAR, FAR + 1)
    )
    assert meant(near) == ([CLEANING, TUESDAY], True)
    assert meant(far) == ([CLEANING, MONDAY, TUESDAY], False)


def test_what_is_refused_behind_a_correction_is_not_meant() -> None:
    assert meant("The laundry I meant, not the windows") == ([LAUNDRY, WINDOWS], False)
    assert meant("The laundry, I meant the windows") == ([WINDOWS], True)


# --- "no" between two phrases


@pytest.mark.parametrize(
    "text", ["Cleaning on Friday no Tuesday", "Cleaning on Friday, no Tuesday", "Cleaning on Friday, no on Tuesday"]
)
def test_a_no_between_two_days_takes_the_first_back(text: str) -> None:
    assert meant(text) == ([CLEANING, TUESDAY], True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Cleaning every weekday. No need on Wednesdays."),
        ("en", "Every weekday no cleaning on Wednesdays"),
        ("en", "No Tuesday please"),
        ("en", "Cleaning every weekday at nine no Wednesdays"),
        ("en", "Cleaning every weekday please then no Wednesdays"),
        ("en", "Cleaning every weekday at the house no Wednesdays"),
        ("nl", "Elke werkdag schoonmaken niet op woensdag"),
        ("nl", "Schoonmaken op werkdagen niet op woensdag"),
    ],
)
def test_a_no_elsewhere_takes_nothing_back(language: str, text: str) -> None:
    assert not meant(text, language)[1]


# --- another number


@pytest.mark.parametrize(
    ("language", "text", "left"),
    [
        ("en", "Cleaning for two hours, no make it three", {"dur": [180, 180]}),
        ("nl", "Schoonmaken, twee uur, nee doe maar drie", {"dur": [180, 180]}),
        ("en", "Cleaning for ten minutes, no make it twenty", {"dur": [20, 20]}),
        ("en", "Cleaning twice a week, no make it three", {"per": {"n": 3, "unit": "week"}}),
        ("nl", "Schoonmaken, drie keer per week, nee doe maar twee", {"per": {"n": 2, "unit": "week"}}),
        ("en", "Cleaning six times, no make it eight", {"count": 8}),
        ("en", "Cleaning at nine, no make it ten instead", {"times": [Clock(600)]}),
        ("nl", "Schoonmaken om negen uur, nee maak er tien van", {"times": [Clock(600)]}),
    ],
)
def test_another_number_is_of_what_was_said(language: str, text: str, left: dict[str, Any]) -> None:
    assert meant(text, language) == ([CLEANING, left], True)


def test_another_number_behind_an_hour_is_an_hour() -> None:
    values, corrected = meant("Cleaning at nine, no make it ten")
    assert corrected
    assert [value["times"] for value in values[1:]] == [[Clock(600)]]


@pytest.mark.parametrize(
    "text",
    [
        "Cleaning for two hours, no make it nine",
        "Cleaning on Monday, no make it three",
        "Cleaning for two hours, no make it half past two",
        "Cleaning at nine, no make it fifteen instead",
    ],
)
def test_a_number_that_cannot_be_so_many_changes_nothing(text: str) -> None:
    assert not meant(text)[1]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Cleaning every Monday at nine, sorry, Tuesday"),
        ("nl", "Elke maandag om negen uur schoonmaken, nee dinsdag"),
    ],
)
def test_only_what_was_meant_is_a_need(language: str, text: str) -> None:
    needs = [in_words(need) for need in READER.read(text, language, NOW).needs]
    assert needs == ["cleaning | FREQ=WEEKLY;BYDAY=TU | from 2026-11-24 | at 09:00"]
