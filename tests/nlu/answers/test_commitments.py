"""What helpers answer when they are asked to come."""

from __future__ import annotations

import pytest

from nlu.answers import AnswerReader, Question
from nlu.reading import Reading

YES = {"yes": True}
NO = {"yes": False}
UNCLEAR = {"unclear": True}


def read(language: str, text: str, topic: str = "helper_offer", act: str = "out_of_scope") -> object:
    options = ({"key": "1", "value": "yes", "text": "Ja"}, {"key": "2", "value": "no", "text": "Nee"})
    question = Question("yes_no", options, None, topic)
    return AnswerReader(language).read(question, text, Reading(language, act, 0.6))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ja", YES),
        ("1", YES),
        ("Ja hoor, dat kan wel", YES),
        ("Dat kan", YES),
        ("prima!", YES),
        ("Geen probleem", YES),
        ("nee hoor, geen probleem", UNCLEAR),
        ("komt in orde 👍", YES),
        ("Is goed, ik kom", YES),
        ("leuk, doe ik", YES),
        ("nee", NO),
        ("2", NO),
        ("Nee, dat kan niet", NO),
        ("Dat lukt niet", NO),
        ("helaas", NO),
        ("Sorry, ik zit helemaal vol die dag", NO),
        ("dat is mij te ver", NO),
        ("komt me niet uit", NO),
        ("ja maar alleen vanaf december", UNCLEAR),
        ("alleen op dinsdag", UNCLEAR),
        ("misschien", UNCLEAR),
        ("ik moet eerst overleggen", UNCLEAR),
        ("om wie gaat het?", UNCLEAR),
        ("kan het ook om elf uur?", UNCLEAR),
    ],
)
def test_dutch(text: str, answer: object) -> None:
    assert read("nl", text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", YES),
        ("Yes, fine", YES),
        ("Sure, count me in", YES),
        ("no problem at all", YES),
        ("that works for me", YES),
        ("no", NO),
        ("Sorry, I can't", NO),
        ("that doesn't work for me", NO),
        ("unfortunately I am fully booked", NO),
        ("I'm afraid not", NO),
        ("only from December", UNCLEAR),
        ("yes, but not on Sundays", UNCLEAR),
        ("let me check", UNCLEAR),
        ("who is it?", UNCLEAR),
    ],
)
def test_english(text: str, answer: object) -> None:
    assert read("en", text) == answer


@pytest.mark.parametrize("act", ["human", "who_is_coming", "emergency"])
def test_what_turns_away_is_no_answer(act: str) -> None:
    assert read("nl", "ik wil een mens spreken", act=act) is None


def test_other_questions_are_read_as_before() -> None:
    assert read("nl", "het lukt niet met de trap", topic="stockings_off") is None
