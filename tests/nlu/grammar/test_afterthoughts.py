"""What a few words behind a phrase make of it."""

from __future__ import annotations

import pytest

from nlu.grammar.found import Found
from nlu.grammar.items import find
from nlu.packs import load

PACK = load("en")


def read(text: str) -> Found:
    return find(text, PACK)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Two hours on Monday, make that three", [3]),
        ("I put ten o'clock, it should have been eleven", [11]),
        ("Make that three", []),
        ("At two o'clock, make that three cups of tea", []),
        ("Three hours at one o'clock, make that four", []),
        ("Could he stay until 12 instead of 11", []),
    ],
)
def test_a_bare_number_takes_the_place_of_the_only_other_one(text: str, numbers: list[int]) -> None:
    said = [item.value for item in read(text).items if item.class_ == "when"]
    assert [value["renumber"] for value in said if "renumber" in value] == numbers


@pytest.mark.parametrize(
    ("text", "class_"),
    [
        ("Every morning and not on Boxing Day", "except"),
        ("Every day and not Tuesdays", "except"),
        ("At ten and not at nine", "instead"),
        ("Tuesday and not Monday", "instead"),
        ("Every day instead of Tuesdays", "instead"),
    ],
)
def test_and_not_leaves_out_of_what_comes_back(text: str, class_: str) -> None:
    found = read(text)
    assert class_ in {item.class_ for item in found.items}
    assert found.has("except") == (class_ == "except")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("every Wednesday night at five pm", "evening"),
        ("Friday night at three", "night"),
    ],
)
def test_the_night_of_a_weekday_at_five_is_its_evening(text: str, part: str) -> None:
    said = [item.value for item in read(text).items if item.class_ == "when"]
    assert [value["part"] for value in said if "part" in value] == [part]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("No ironing on Monday. Nor next Monday.", True),
        ("No ironing on Monday. And not on the 9th either.", True),
        ("No ironing on Monday. Nor the Monday after.", True),
        ("My daughter can't come on Monday nor my son on Tuesday", False),
        ("Could we move the ironing to Monday. And not on Tuesday.", False),
        ("The ironing on Monday. And not on Tuesday.", False),
    ],
)
def test_days_behind_nor_are_left_out_as_well(text: str, left_out: bool) -> None:
    assert read(text).has("except") is left_out


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The dentist is at ten, so my shower that day at three", "so"),
        ("Come at ten, so my sister can go out", "reason"),
    ],
)
def test_so_my_service_follows_from_what_is_told(text: str, kind: str) -> None:
    assert [item.class_ for item in read(text).items if item.class_ in ("so", "reason")] == [kind]
