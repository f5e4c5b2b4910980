"""Answers are read for the question that was asked."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from care.needs import Need, Preferences
from care.schedule import Schedule
from nlu.answers import AnswerReader, Question
from nlu.reading import Reading

HELPERS = (
    {"key": "1", "value": "11", "text": "Anna de Boer", "names": ["Anna", "de", "Boer"]},
    {"key": "2", "value": "12", "text": "Karim Aydin", "names": ["Karim", "Aydin"]},
    {"key": "3", "value": "13", "text": "Sjoerd Visser", "names": ["Sjoerd", "Visser"]},
)
YES_NO = ({"key": "1", "value": "yes", "text": "Ja"}, {"key": "2", "value": "no", "text": "Nee"})
DAY_PARTS = tuple(
    {"key": str(number), "value": value, "text": text}
    for number, (value, text) in enumerate([("morning", "Ochtend"), ("afternoon", "Middag"), ("evening", "Avond")], 1)
)


def read(kind: str, text: str, options: tuple[Any, ...] = (), *, language: str = "nl", **reading: Any) -> Any:
    act = reading.pop("act", "out_of_scope")
    needs = reading.pop("needs", ())
    service = reading.pop("service", None)
    understood = Reading(language, act, reading.pop("confidence", 0.5))
    return AnswerReader(language).read(Question(kind, options, service), text, understood, needs)


@pytest.mark.parametrize(
    ("text", "language", "chosen"),
    [
        ("2", "nl", "12"),
        ("2.", "nl", "12"),
        ("de tweede", "nl", "12"),
        ("nummer 3", "nl", "13"),
        ("Anna", "nl", "11"),
        ("doe Karim maar", "nl", "12"),
        ("karim aydn", "nl", "12"),
        ("the first one", "en", "11"),
        ("Sjoerd please", "en", "13"),
    ],
)
def test_a_choice_by_key_place_or_name(text: str, language: str, chosen: str) -> None:
    assert read("choice", text, HELPERS, language=language) == {"choice": chosen}


@pytest.mark.parametrize(
    ("text", "language"), [("maakt niet uit", "nl"), ("kies jij maar", "nl"), ("you choose", "en")]
)
def test_no_preference(text: str, language: str) -> None:
    assert read("choice", text, HELPERS, language=language) == {"any": True}


@pytest.mark.parametrize(("text", "language"), [("geen van allen", "nl"), ("iemand anders", "nl"), ("nobody", "en")])
def test_none_of_them(text: str, language: str) -> None:
    assert read("choice", text, HELPERS, language=language) == {"none": True}


@pytest.mark.parametrize(
    ("text", "language", "yes"),
    [("ja", "nl", True), ("Ja graag!", "nl", True), ("1", "nl", True), ("nee", "nl", False), ("2", "en", False),
     ("yes please", "en", True), ("no thank you", "en", False), ("that's right", "en", True)],
)  # fmt: skip
def test_yes_and_no(text: str, language: str, yes: bool) -> None:
    assert read("yes_no", text, YES_NO, language=language) == {"yes": yes}


def test_yes_in_words_that_only_the_classifier_knows() -> None:
    assert read("yes_no", "dat lijkt me uitstekend geregeld", YES_NO, act="confirm", confidence=0.9) == {"yes": True}


def test_somebody_else_answers_who_may_come_though_it_sounds_like_a_change() -> None:
    understood = Reading("nl", "change", 0.9)
    asked = Question("choice", HELPERS, topic="offer")
    assert AnswerReader("nl").read(asked, "iemand anders graag", understood) == {"none": True}
    # Who is named is turned down by what is read beside the answer (nlu/answers/not_named.py).
    assert AnswerReader("nl").read(asked, "iemand anders dan Anna graag", understood) == {"choice": "11"}
    assert AnswerReader("nl").read(Question("choice", HELPERS, topic="which"), "iemand anders", understood) is None


def test_somebody_else_is_a_no_to_whom_is_read_back() -> None:
    asked = Question("yes_no", YES_NO, topic="booking")
    understood = Reading("nl", "correct", 0.5)
    assert AnswerReader("nl").read(asked, "nee, iemand anders dan Bianca graag", understood) == {"yes": False}
    assert (
        AnswerReader("nl").read(Question("yes_no", YES_NO), "nee, iemand anders dan Bianca graag", understood) is None
    )


def test_a_part_of_the_day_by_key_or_word() -> None:
    assert read("time", "1", DAY_PARTS) == {"choice": "morning"}
    assert read("time", "'s avonds", DAY_PARTS) == {"choice": "evening"}


def test_a_clock_time_answers_the_question_of_the_time() -> None:
    need = Need(None, Schedule(times=(time(10),)))
    answer = read("time", "om tien uur", DAY_PARTS, needs=(need,))
    assert Need.from_json(answer["need"]) == need


def test_a_day_answers_the_question_of_the_days() -> None:
    need = Need(None, Schedule(rrule="FREQ=WEEKLY;BYDAY=TU", dtstart=date(2026, 11, 24)))
    assert "need" in read("days", "elke dinsdag", needs=(need,))


def test_another_service_is_no_answer_to_the_question_of_the_time() -> None:
    need = Need("cleaning", Schedule(rrule="FREQ=WEEKLY;BYDAY=FR", dtstart=date(2026, 11, 27)))
    said = {"needs": (need,), "service": "walk", "act": "book"}
    assert read("time", "en ook schoonmaken op vrijdag", DAY_PARTS, **said) is None


def test_a_wish_about_who_answers_an_offer() -> None:
    need = Need(None, Schedule(), Preferences(helper_gender="female"))
    assert "need" in read("choice", "liever een vrouw", HELPERS, needs=(need,))


@pytest.mark.parametrize(
    ("kind", "act"), [("time", "human"), ("choice", "who_is_coming"), ("name", "human"), ("yes_no", "list_visits")]
)
def test_what_outranks_a_question_is_no_answer(kind: str, act: str) -> None:
    options = YES_NO if kind == "yes_no" else HELPERS if kind == "choice" else ()
    assert read(kind, "kunt u mij eens doorverbinden?", options, act=act, confidence=0.95) is None


@pytest.mark.parametrize("kind", ["choice", "yes_no", "time", "name", "address", "service"])
def test_an_emergency_is_never_an_answer(kind: str) -> None:
    assert read(kind, "ik ben gevallen", HELPERS, act="emergency", confidence=0.99) is None


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Ik ben mevrouw Jansen", "nl", "mevrouw Jansen"),
        ("jansen", "nl", "Jansen"),
        ("mijn naam is Truus van der berg", "nl", "Truus van der Berg"),
        ("My name is Ann Smith", "en", "Ann Smith"),
        ("it's mrs baker.", "en", "Mrs Baker"),
    ],
)
def test_a_name_without_what_stands_before_it(text: str, language: str, name: str) -> None:
    assert read("name", text, language=language) == {"name": name}


def test_a_name_and_an_address_at_once() -> None:
    answer = read("name", "Ik ben Jan de Vries en ik woon op Lindelaan 12, 8259 BA Merelwoude")
    assert answer["name"] == "Jan de Vries"
    assert answer["address"].startswith("Lindelaan 12")
    answer = read("name", "Jan de Vries, Lindelaan 12, 8259 BA")
    assert (answer["name"], answer["address"]) == ("Jan de Vries", "Lindelaan 12, 8259 BA")


def test_an_address_without_what_stands_before_it() -> None:
    assert read("address", "Ik woon op de Lindelaan 24, 8259 BA Merelwoude") == {
        "address": "Lindelaan 24, 8259 BA Merelwoude"
    }
    assert read("address", "I live at Lindelaan 24", language="en") == {"address": "Lindelaan 24"}


@pytest.mark.parametrize(("text", "language"), [("laat maar", "nl"), ("never mind", "en"), ("stop", "nl")])
@pytest.mark.parametrize("kind", ["time", "choice", "name", "service"])
def test_giving_up_is_understood_at_every_question(text: str, language: str, kind: str) -> None:
    options = HELPERS if kind == "choice" else ()
    assert read(kind, text, options, language=language) == {"drop": True}


def test_a_bare_hour_becomes_a_sentence() -> None:
    assert AnswerReader("nl").bare_hour("9") == "om 9 uur"
    assert AnswerReader("en").bare_hour("9.30") == "at 9:30 o'clock"
    assert AnswerReader("nl").bare_hour("42") is None
    assert AnswerReader("nl").bare_hour("morgen") is None


def test_going_on_with_what_was_left() -> None:
    assert AnswerReader("nl").keeps_on("Verder")
    assert not AnswerReader("nl").keeps_on("nee")


def test_asking_who_comes_is_no_answer_to_yes_or_no() -> None:
    question = Question("yes_no")
    reading = Reading("nl", "who_is_coming", 0.9)
    named = Need(None, Schedule(dtstart=date(2026, 11, 24)))
    assert AnswerReader("nl").read(question, "wie komt er morgen?", reading, [named]) is None


@pytest.mark.parametrize(("text", "language"), [("jaa", "nl"), ("Ja, ja", "nl"), ("yess", "en")])
def test_a_drawn_out_yes(text: str, language: str) -> None:
    assert read("yes_no", text, YES_NO, language=language, act="clarify") == {"yes": True}
