from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from actions.phone.proof import OPEN_TO_ALL, number_in
from bot.rasa_domain import rasa_domain


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("14", "nl", 14),
        ("dat is nummer 14", "nl", 14),
        ("veertien", "nl", 14),
        ("één vier", "nl", 14),
        ("tweehonderdvijf", "nl", 205),
        ("one hundred and five", "en", 105),
        ("it's twenty-three", "en", 23),
        ("14a", "nl", 14),
        ("een", "nl", 1),
        ("ik wil graag een mens", "nl", None),
        ("dat weet ik niet", "nl", None),
        ("", "nl", None),
    ],
)
def test_a_number_as_it_is_said(text: str, language: str, number: int | None) -> None:
    assert number_in(text, language) == number


@given(st.integers(1, 999), st.sampled_from(["nl", "en"]))
def test_every_house_number_can_be_said(number: int, language: str) -> None:
    assert number_in(num2words(number, lang=language), language) == number


def test_naming_many_numbers_is_one_guess() -> None:
    assert number_in("12 13 14 15", "nl") == 12
    assert number_in("1 2 3 4 5 6 7 8 9 10 11 12 13 14", "nl") == 1
    assert number_in("1 2 3 4 5 6 7 8", "nl") == 123456


@given(st.text())
def test_no_text_makes_it_fall(text: str) -> None:
    number_in(text, "nl")


def test_what_is_open_to_all_exists_and_tells_nothing_of_visits() -> None:
    actions = set(rasa_domain()["actions"])
    assert actions >= OPEN_TO_ALL
    assert not {"action_who_is_coming", "action_list_visits", "action_skip", "action_book"} & OPEN_TO_ALL
