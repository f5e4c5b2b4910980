"""Tests of the words of a message as the grammar sees them."""

from __future__ import annotations

import pytest

from nlu.grammar.spelling import respell
from nlu.packs import load
from nlu.tokens import tokenise


def words(language: str, text: str) -> list[str]:
    return [word.text for word in respell(text, tokenise(text), load(language))]


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("nl", "bood schappen elke och tend", ["boodschappen", "elke", "ochtend"]),
        ("nl", "van af maandag wassen", ["vanaf", "maandag", "wassen"]),
        ("nl", "help mij aan kleden graag", ["help", "mij", "aankleden", "graag"]),
        ("en", "every wednes day", ["every", "wednesday"]),
    ],
)
def test_a_word_torn_in_two_is_one(language: str, text: str, meant: list[str]) -> None:
    assert words(language, text) == meant


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("en", "Shopping on Wednsdays", "wednesdays"),
        ("en", "Nothing from 1 Mafch", "march"),
        ("en", "The third of Deecmber", "december"),
        ("nl", "Graag op Dinsdga", "dinsdag"),
        ("en", "Could it be Sandy", "sandy"),
        ("en", "She knows Augusta", "augusta"),
        ("nl", "Vraag maar naar Frida", "frida"),
    ],
)
def test_a_word_with_a_capital_is_a_day_or_a_month_or_a_name(language: str, text: str, meant: str) -> None:
    assert words(language, text)[-1] == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ele dinsdagmorgen", "elke dinsdag ochtend"),
        ("om haf tien", "om half tien"),
        ("in plaqts van maandag", "in plaats van maandag"),
        ("mag ik het verzeten", "mag ik het verzetten"),
        ("en ele keer", "en ele keer"),
    ],
)
def test_short_words_and_words_of_changing_are_mended(text: str, meant: str) -> None:
    assert " ".join(words("nl", text)) == meant


@pytest.mark.parametrize("text", ["ik wil er van af", "de dag hulp", "was en strijk", "om acht tien mensen"])
def test_two_words_that_are_both_meant_stay_apart(text: str) -> None:
    assert words("nl", text) == text.split()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("di- en donderdag", "dinsdag en donderdag"),
        ("maan-, woens- en vrijdag", "maandag , woensdag en vrijdag"),
        ("op zater- of zondag", "op zaterdag of zondag"),
    ],
)
def test_the_head_of_a_day_whose_tail_comes_later_is_that_day(text: str, meant: str) -> None:
    assert words("nl", text) == meant.split()


def test_a_hyphen_between_two_days_is_no_tail_left_out() -> None:
    assert words("nl", "ma-vr") != ["maandag", "vr"]


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("nl", "hulp met de shower", "hulp met de douche"),
        ("nl", "voor t eten", "voor het eten"),
        ("en", "a kapper at home", "a hairdresser at home"),
        ("en", "call in 4 company", "call in for company"),
        ("en", "come at 4 please", "come at 4 please"),
    ],
)
def test_words_of_the_other_language_and_of_the_telephone_are_understood(language: str, text: str, meant: str) -> None:
    assert words(language, text) == meant.split()


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("en", "we'd like we'd like a cleaner", "we'd like a cleaner"),
        ("en", "two two hours", "two two hours"),
        ("nl", "eh elke uhm dinsdag", "elke dinsdag"),
    ],
)
def test_stammers_and_hums_are_left_out_and_numbers_are_not(language: str, text: str, meant: str) -> None:
    assert words(language, text) == meant.split()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("wassen ... elke dinsdag", ["wassen", ",", "elke", "dinsdag"]),
        ("wassen.. om 9 uur", ["wassen", ",", "om", "9", "uur"]),
        ("wassen ... Elke dinsdag", ["wassen", ".", "elke", "dinsdag"]),
        ("wassen...", ["wassen", "."]),
        ("wassen,... elke dinsdag", ["wassen", ",", "elke", "dinsdag"]),
        ("wassen. . elke", ["wassen", ".", ".", "elke"]),
    ],
)
def test_the_dots_of_a_pause_end_no_sentence(text: str, meant: list[str]) -> None:
    assert words("nl", text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("elke dinsdag morgen", "ochtend"),
        ("elke dinsdag-morgen", "ochtend"),
        ("dinsdag, morgen", "morgen"),
        ("graag morgen", "morgen"),
    ],
)
def test_the_morning_behind_a_weekday_is_not_tomorrow(text: str, meant: str) -> None:
    assert words("nl", text)[-1] == meant
