"""Whole calls by keys alone, of somebody nobody knows: what goes wrong on the way is mended by keys, too."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from care.database import Database
from care.models import Contact, Recipient
from tests.doors.voice.conftest import CallFrom
from tests.doors.voice.phone import Phone
from tests.doors.voice.test_calls import book_by_speech, booked, coordinator, sent

pytestmark = pytest.mark.usefixtures("at_work")


def to_the_name(phone: Phone) -> str:
    """From hello to the question for the name: a walk on Tuesdays and Thursdays at half past nine."""
    phone.call()
    for keys in ("1", "1", "2", "2", "24"):
        phone.press(keys)
    return phone.press("0930")


def recipient_of(database: Database, number: str) -> Recipient:
    with database.begin() as session:
        return session.scalars(select(Recipient).join(Contact).where(Contact.phone == number)).one()


def test_from_hello_to_a_booking_by_who_presses_wrong_keys_on_the_way(call_from: CallFrom, database: Database) -> None:
    phone = call_from()
    assert "naam" in to_the_name(phone)
    assert "medewerker vraagt er later naar" in phone.log[-1].lower() or "toets 1" in phone.log[-1].lower()
    assert "postcode" in phone.press("1"), phone.transcript()
    assert "huisnummer" in phone.press("123456"), "a postcode of six keys, be it a wrong one"
    assert "postcode" in phone.press("*"), phone.transcript()
    phone.press("123456")
    said = phone.press("36")
    assert "dat adres vind ik niet" in said, phone.transcript()
    assert "postcode" in said, "both are asked again"
    phone.press("825922")
    phone.press("36")
    while "klopt" not in phone.log[-1].lower() and "is het zo goed" not in phone.log[-1].lower():
        assert len(phone.log) < 60, phone.transcript()
        phone.press("1")
    assert booked(database, phone.number) == []
    phone.press("1")
    assert booked(database, phone.number) == ["walk"], phone.transcript()
    assert recipient_of(database, phone.number).name.lower() == "de bewoner"
    told = [text for text in sent(database, coordinator(database)) if phone.number in text]
    assert any("naam" in text for text in told), "a person asks for the name"


def test_the_same_in_english(call_from: CallFrom, database: Database) -> None:
    phone = call_from()
    phone.call()
    assert "english" in phone.press("8")
    for keys in ("1", "1", "2", "2", "24"):
        phone.press(keys)
    assert "name" in phone.press("0930"), phone.transcript()
    assert "postcode" in phone.press("1"), phone.transcript()
    phone.press("825922")
    phone.press("36")
    while "right?" not in phone.log[-1].lower() and "all right like this" not in phone.log[-1].lower():
        assert len(phone.log) < 60, phone.transcript()
        phone.press("1")
    phone.press("1")
    assert booked(database, phone.number) == ["walk"], phone.transcript()
    assert recipient_of(database, phone.number).name.lower() == "the resident"


def test_who_speaks_and_is_not_heard_at_the_name_goes_on_by_keys(call_from: CallFrom, database: Database) -> None:
    phone = call_from()
    phone.call()
    phone.say("elke dinsdag om tien uur samen wandelen")
    assert "toets 1" not in phone.silence()
    assert "toets 1" in phone.silence(), phone.transcript()
    assert "postcode" in phone.press("1"), phone.transcript()
    phone.press("825922")
    phone.press("36")
    while "klopt" not in phone.log[-1].lower() and "is het zo goed" not in phone.log[-1].lower():
        assert len(phone.log) < 60, phone.transcript()
        phone.press("1")
    phone.press("1")
    assert booked(database, phone.number) == ["walk"], phone.transcript()


def test_a_name_that_is_never_heard_rightly_can_be_left_to_a_person(call_from: CallFrom, database: Database) -> None:
    phone = call_from()
    phone.call()
    phone.say("elke dinsdag om tien uur samen wandelen")
    assert "ik verstond" in phone.say("jan de gier", confidence=0.2)
    phone.press("2")
    assert "ik verstond" in phone.say("jan de bier", confidence=0.2)
    said = phone.press("2")
    assert "toets 1" in said, phone.transcript()
    assert "postcode" in phone.press("1"), phone.transcript()
    told = [text for text in sent(database, coordinator(database)) if phone.number in text]
    assert any("naam" in text for text in told)


def test_an_address_that_cannot_be_found_by_keys_ends_with_a_person(call_from: CallFrom, database: Database) -> None:
    phone = call_from()
    to_the_name(phone)
    phone.press("1")
    for _ in range(2):
        phone.press("999922")
        assert "dat adres vind ik niet" in phone.press("7"), phone.transcript()
    phone.press("999922")
    phone.press("7")
    assert phone.connected_to == coordinator(database), phone.transcript()
    [*_, told] = [text for text in sent(database, coordinator(database)) if phone.number in text]
    assert "dinsdag en donderdag" in told, "what was asked for by keys goes along"
    assert "uiterlijk" in phone.dialled("no-answer"), "and when nobody answers a call is promised"


def test_a_visit_is_moved_by_keys(call_from: CallFrom) -> None:
    number = call_from().number
    book_by_speech(call_from(number))
    phone = call_from(number)
    phone.call()
    phone.press("3")
    phone.press("42")
    assert "de dag, de tijd of de persoon" in phone.press("2"), phone.transcript()
    phone.press("1")
    phone.press("1")
    assert "alleen deze keer" in phone.press("1100"), phone.transcript()
    assert "dinsdag 24 november om 11 uur" in phone.press("1"), phone.transcript()
    assert "ik heb wilma groot gevraagd" in phone.press("1"), phone.transcript()
