"""What was said where a name was asked for may be none."""

from __future__ import annotations

import pytest

from nlu.answers import AnswerReader
from nlu.answers.whose_name import may_be_a_name, written_as_one


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nel de Wit", "nl"),
        ("u spreekt met piet smit", "nl"),
        ("Ann Zondag", "nl"),
        ("cor toch, Lindelaan 24, 8259 BA", "nl"),
        ("wil jansen", "nl"),
        ("this is mary jones", "en"),
        ("John Week", "en"),
    ],
)
def test_a_name(text: str, language: str) -> None:
    assert may_be_a_name(AnswerReader(language).words, text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("doe maar de goedkoopste", "nl"),
        ("hoe bedoelt u?", "nl"),
        ("alleen donderdag", "nl"),
        ("Hoezo?", "nl"),
        ("just this week", "en"),
        ("why do you ask", "en"),
    ],
)
def test_no_name(text: str, language: str) -> None:
    assert not may_be_a_name(AnswerReader(language).words, text)


@pytest.mark.parametrize(
    ("text", "written"), [("Jo Zoek", True), ("jo zoek", False), ("Jo", False), ("Jo de Boer", True), ("Jo van", False)]
)
def test_a_name_is_written_as_several_words_with_a_capital_each(text: str, written: bool) -> None:
    assert written_as_one(text) is written
