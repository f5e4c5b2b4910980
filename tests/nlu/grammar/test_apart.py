"""Tests of what is said of some services alone."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.apart import Apart, leave_out, set_apart
from nlu.grammar.attach import Block
from nlu.grammar.frames import Frame
from nlu.grammar.items import find
from nlu.packs import load
from tests.nlu.test_care_reader import NOW, READER, in_words

DAILY: dict[str, Any] = {"freq": "DAILY"}
SUNDAY: dict[str, Any] = {"days": ["SU"]}
HALF_HOUR: dict[str, Any] = {"dur": [30, 30]}
FOUND = find("lunch daily (warm), a walk", load("en"))
IN_BRACKETS = 3


def block(*services: str, said: dict[str, Any] = DAILY, place: int = 0, dated: bool = False) -> Block:
    return Block(list(services), frame=Frame(dict(said)), place=place, dated=dated)


def left_out(blocks: list[Block]) -> list[list[dict[str, Any]]]:
    return [one.exceptions for one in blocks]


# --- days on which somebody of their own comes


def test_days_on_which_others_come_are_left_out_of_all() -> None:
    blocks = [block("walk"), block("meals"), block("call", said=SUNDAY)]
    blocks[0].exceptions = [SUNDAY]
    leave_out(blocks, [Apart([], [SUNDAY], others=True)], FOUND)
    assert left_out(blocks) == [[SUNDAY], [SUNDAY], []]


def test_days_on_which_others_come_are_not_left_out_of_what_is_asked_for_behind_them() -> None:
    blocks = [block("walk"), block("meals", place=6), block("garden", place=7, dated=True)]
    leave_out(blocks, [Apart(["cleaning"], [SUNDAY], first=5, others=True)], FOUND)
    assert left_out(blocks) == [[SUNDAY], [SUNDAY], []]


def test_in_brackets_they_are_of_what_stands_before_them() -> None:
    blocks = [block("meals"), block("walk", place=1), block("garden", place=6)]
    leave_out(blocks, [Apart([], [SUNDAY], first=IN_BRACKETS, others=True)], FOUND)
    assert left_out(blocks) == [[], [SUNDAY], []]


@pytest.mark.parametrize("others", [True, False])
def test_what_is_left_out_of_a_service_that_is_wanted_is_left_out_of_no_other(others: bool) -> None:
    blocks = [block("walk"), block("meals")]
    for one in blocks:
        one.exceptions = [SUNDAY, DAILY]
    leave_out(blocks, [Apart(["walk"], [SUNDAY], others=others)], FOUND)
    assert left_out(blocks) == [[DAILY], [DAILY]]


def test_what_is_left_out_of_a_service_that_is_not_wanted_stays_where_it_was() -> None:
    blocks = [block("walk"), block("meals")]
    blocks[0].exceptions = [SUNDAY]
    leave_out(blocks, [Apart(["garden"], [SUNDAY])], FOUND)
    assert left_out(blocks) == [[SUNDAY], []]


# --- blocks of their own


def test_a_service_of_which_something_is_said_has_a_block_of_its_own() -> None:
    own = Apart(["walk"], [SUNDAY], dict(HALF_HOUR))
    blocks = set_apart([block("dressing", "walk"), block("garden")], [own])
    assert [(one.services, one.exceptions, one.frame.said) for one in blocks] == [
        (["dressing"], [], DAILY),
        (["walk"], [SUNDAY], {**DAILY, **HALF_HOUR}),
        (["garden"], [], DAILY),
    ]


def test_the_services_keep_their_order() -> None:
    blocks = set_apart([block("walk", "dressing")], [Apart(["walk"], [SUNDAY])])
    assert [(one.services, one.exceptions) for one in blocks] == [(["walk"], [SUNDAY]), (["dressing"], [])]


def test_a_block_of_that_service_only_stays_one() -> None:
    blocks = set_apart([block("walk")], [Apart(["walk"], [SUNDAY])])
    assert [(one.services, one.exceptions) for one in blocks] == [(["walk"], [SUNDAY])]


def test_what_is_for_no_other_days_has_none_left_out() -> None:
    (only,) = set_apart([block("walk", said=SUNDAY)], [Apart(["walk"], [{"days": ["SA", "SU"]}])])
    assert only.exceptions == []


# --- messages


def needs(language: str, text: str) -> list[str]:
    return [in_words(need) for need in READER.read(text, language, NOW).needs]


def test_what_somebody_sees_to_in_one_sentence_is_of_the_needs_in_it() -> None:
    read = needs("en", "A meal on weekdays, at weekends my brother cooks. And someone to walk the dog each day at 4.")
    assert "FREQ=DAILY" in read[1]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A walk and the shopping daily at ten, at the weekend no walk."),
        ("nl", "Wandelen en boodschappen elke dag om tien uur, in het weekend niet wandelen."),
    ],
)
def test_days_without_one_of_two_services_are_days_of_the_other(language: str, text: str) -> None:
    assert needs(language, text) == [
        "walk | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | from 2026-11-23 | at 10:00",
        "groceries | FREQ=DAILY | from 2026-11-23 | at 10:00",
    ]


def test_a_wish_is_of_both_when_one_has_days_of_its_own() -> None:
    read = READER.read("A walk and the shopping daily at ten by a woman, at the weekend no walk.", "en", NOW).needs
    assert [need.preferences.helper_gender for need in read] == ["female", "female"]
