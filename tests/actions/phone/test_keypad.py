from __future__ import annotations

from datetime import date
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from actions.phone.keypad import MAIN, Keypad, Pressed, clock_of, day_of, is_no_more, keypad_words, wants_language
from actions.phone.streets import KEYS, find
from actions.phrases import Phrases
from actions.words import Words
from care.catalogue import Catalogue
from care.models import Place

TODAY = date(2026, 11, 23)
DAYS = {"topic": "days", "kind": "days", "key": "ask_days", "options": []}
TIME = {"topic": "time", "kind": "time", "key": "ask_time", "options": [{"key": "1", "value": "morning", "text": "x"}]}
ADDRESS = {"topic": "address", "kind": "address", "key": "ask_address", "options": []}
YES_NO = {"topic": "booking", "kind": "yes_no", "key": "read_back_ask", "options": [{"key": "1"}, {"key": "2"}]}


def keypad(session: Session, question: dict[str, Any] | None = None, language: str = "nl", **state: Any) -> Keypad:
    return Keypad({"awaiting": question, **state}, Words(Phrases.load(), language, spoken=True), session, TODAY)


@pytest.mark.parametrize(
    ("keys", "clock"),
    [
        ("0930", "9:30"), ("930", "9:30"), ("10", "10:00"), ("0000", "0:00"), ("2359", "23:59"),
        ("2400", None), ("1260", None), ("9", None), ("12345", None), ("*930", None), ("", None),
    ],
)  # fmt: skip
def test_a_clock_time_from_keys(keys: str, clock: str | None) -> None:
    assert clock_of(keys) == clock


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        ("0512", date(2026, 12, 5)),
        ("2311", TODAY),
        ("2211", date(2027, 11, 22)),
        ("2902", date(2028, 2, 29)),
        ("3102", None),
        ("0013", None),
        ("512", None),
    ],
)
def test_a_date_from_keys_is_the_next_one(keys: str, day: date | None) -> None:
    assert day_of(keys, TODAY) == day


@given(st.dates(date(2026, 11, 23), date(2027, 11, 22)))
def test_every_date_within_a_year_can_be_pressed(day: date) -> None:
    assert day_of(f"{day:%d%m}", TODAY) == day


@given(st.text("0123456789*#", max_size=12))
def test_no_keys_make_it_fall(keys: str) -> None:
    for question in (None, DAYS, TIME, ADDRESS, YES_NO):
        pad = keypad(None, question)  # type: ignore[arg-type] - streets are looked up only after a postcode
        assert isinstance(pad.press(keys), Pressed)


def test_days_of_the_week_become_a_sentence(session: Session) -> None:
    pad = keypad(session, DAYS)
    assert pad.press("2").moved
    assert pad.press("8") == Pressed()
    assert pad.press("513").text == "elke maandag, woensdag en vrijdag"
    english = keypad(session, DAYS, "en")
    english.press("2")
    assert english.press("7").text == "every Sunday"


def test_a_date_and_a_time_become_sentences(session: Session) -> None:
    pad = keypad(session, DAYS)
    pad.press("3")
    assert pad.press("0512").text == "op 5 december"
    assert keypad(session, TIME).press("0845").text == "om 8:45 uur"
    assert keypad(session, TIME).press("1").text == "1", "the question's own key"


def test_person_and_again_work_everywhere(session: Session) -> None:
    for question in (None, DAYS, TIME, YES_NO):
        assert keypad(session, question).press("0").text == "0"
        assert keypad(session, question).press("9").text == "9"


def test_back_leads_one_step_up_and_then_to_the_question(session: Session) -> None:
    pad = keypad(session)
    pad.press("1")
    pad.press("2")
    assert pad.place().menu == "house"
    assert pad.press("*").moved
    assert pad.place().menu == "services"
    pad.press("*")
    assert pad.place().menu == MAIN
    assert pad.press("*").moved, "there is nothing before it"
    assert keypad(session, YES_NO).press("*").text == "*"


def test_another_question_begins_anew(session: Session) -> None:
    state: dict[str, Any] = {"awaiting": DAYS}
    words = Words(Phrases.load(), "nl", spoken=True)
    Keypad(state, words, session, TODAY).press("2")
    state["awaiting"] = TIME
    assert Keypad(state, words, session, TODAY).place().input == "clock"


def test_a_service_is_an_answer_or_a_request(session: Session) -> None:
    asked = {"topic": "service", "kind": "service", "key": "ask_service", "options": []}
    pad = keypad(session, asked)
    pad.press("1")
    assert pad.press("2").text == "samen wandelen"
    pad = keypad(session)
    for key in "11":
        pad.press(key)
    assert pad.press("2").text == "Ik wil graag samen wandelen"


def test_an_address_by_keys(session: Session) -> None:
    for postcode, street in (("1234 AB", "Kerkstraat"), ("1234 CC", "Dorpsstraat"), ("1234 DD", "Molenweg")):
        fields = {"town": "Dorp", "number_from": 1, "number_to": 50, "latitude": 52.0, "longitude": 5.0}
        session.add(Place(postcode=postcode, street=street, **fields))
    session.flush()
    assert find(session, "123422", 12) == ["Dorpsstraat 12, 1234 CC", "Kerkstraat 12, 1234 AB"]
    assert find(session, "123422", 51) == []
    pad = keypad(session, ADDRESS)
    assert pad.takes() == 6
    assert pad.press("123411") == Pressed(), "no letters are on 1"
    pad.press("123422")
    assert pad.takes() is None
    assert pad.press("99") == Pressed(nowhere=True), "no such house"
    assert pad.takes() == 6, "the postcode is asked again, too"
    pad.press("123422")
    assert pad.press("9").moved, "9 is a house number here"
    assert [label for _, label in pad.choices()] == ["Dorpsstraat 9, 1234 CC", "Kerkstraat 9, 1234 AB"]
    assert pad.press("2").text == "Kerkstraat 9, 1234 AB"
    other = keypad(session, ADDRESS)
    other.press("123433")
    assert other.press("7").text == "Molenweg 7, 1234 DD", "only one street it can be"


def test_the_keys_hold_the_alphabet_once() -> None:
    assert sorted("".join(KEYS.values())) == [chr(letter) for letter in range(ord("A"), ord("Z") + 1)]


def test_the_file_is_whole() -> None:
    """Every menu is reachable with at most three keys, and says what it is in both languages."""
    content, names = keypad_words(), Phrases.load().names()
    menus, inputs = content["menus"], content["inputs"]
    for name, entries in menus.items():
        assert f"keypad_{name}" in names
        assert set(entries) <= {"1", "2", "3"}, name
        for entry in entries.values():
            assert "service" in entry or entry["label"] in names
            assert entry.get("menu") in {None, *menus}
            assert entry.get("input") in {None, *inputs}
            assert entry.get("service") in {None, *Catalogue.load().services}
            for language in ("nl", "en"):
                assert "say" not in entry or entry["say"] in content["sentences"][language]
    assert {f"keypad_{name}" for name in inputs} <= names
    led_to = {entry.get("menu") for entry in chain.from_iterable(menu.values() for menu in menus.values())}
    led_to |= {entry.get("then") for entry in chain.from_iterable(menu.values() for menu in menus.values())}
    led_to |= {place.get("menu") for place in content["questions"].values()}
    assert set(menus) - led_to <= {MAIN, "deed", "days_open"}


def test_words_instead_of_keys() -> None:
    assert is_no_more("Nee, dat was het.", "nl")
    assert is_no_more("no that's all", "en")
    assert not is_no_more("nee, om tien uur", "nl")
    assert wants_language("English, please!", "nl") == "en"
    assert wants_language("english please", "en") is None
    assert wants_language("mijn dochter spreekt engels", "nl") is None
