"""Which option is meant by its place or by what it is like."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.answers import AnswerReader, Question
from nlu.reading import Reading

HELPERS = (
    {"key": "1", "value": "11", "text": "Anna de Boer", "names": ["Anna", "Boer"], "traits": ["free", "woman"]},
    {"key": "2", "value": "12", "text": "Karim Aydin", "names": ["Karim", "Aydin"], "traits": ["man", "nearest"]},
    {"key": "3", "value": "13", "text": "Els Visser", "names": ["Els", "Visser"], "traits": ["woman", "cheapest"]},
)


def read(text: str, language: str, options: tuple[Any, ...] = HELPERS, act: str = "out_of_scope") -> Any:
    question = Question("choice", options, None, "offer")
    return AnswerReader(language).read(question, text, Reading(language, act, 0.9))


@pytest.mark.parametrize(
    ("text", "language", "chosen"),
    [
        ("nou doe dan de tweede maar", "nl", "12"),
        ("ja, de laatste graag", "nl", "13"),
        ("de goedkoopste", "nl", "13"),
        ("doe maar de goetkoopste", "nl", "13"),
        ("die gratis is", "nl", "11"),
        ("die man graag", "nl", "12"),
        ("the cheaper one please", "en", "13"),
        ("I'd rather have the second one", "en", "12"),
        ("the gentleman", "en", "12"),
        ("whoever is nearest", "en", "12"),
    ],
)
def test_one_is_meant(text: str, language: str, chosen: str) -> None:
    assert read(text, language) == {"choice": chosen}


@pytest.mark.parametrize(
    ("text", "language"),
    [("niet de tweede", "nl"), ("die vrouw", "nl"), ("not the cheapest", "en"), ("de tweede om tien uur", "nl")],
)
def test_not_told_which(text: str, language: str) -> None:
    assert "choice" not in (read(text, language) or {})


@pytest.mark.parametrize(("text", "language"), [("nee geen van die", "nl"), ("no, none of those", "en")])
def test_none_of_them(text: str, language: str) -> None:
    assert read(text, language, act="deny") == {"none": True}


def test_of_one_option_a_yes_chooses_and_a_no_does_not() -> None:
    assert read("ja hoor", "nl", HELPERS[:1], act="confirm") == {"choice": "11"}
    assert read("nee", "nl", HELPERS[:1], act="deny") == {"none": True}
    assert read("ja hoor", "nl", act="confirm") is None


def test_a_mere_name_is_a_wish_for_that_helper() -> None:
    assert read("Wim Verhagen", "nl")["need"]["preferences"] == {"helper_name": "Wim Verhagen"}
    assert read("ik weet het niet", "nl") is None


def test_nobody_is_like_it() -> None:
    assert read("die man", "nl", HELPERS[:1])["need"]["preferences"] == {"helper_gender": "male"}
