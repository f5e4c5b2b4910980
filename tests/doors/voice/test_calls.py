"""Whole phone calls: by keys, by speech, with silence, with doubt, with danger, with a withheld number."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.voice import VoiceDoor
from care.clock import Clock
from care.database import Database
from care.models import Contact, Conversation, Door, Outbox, Recipient, Series
from tests.doors.voice.conftest import CallFrom
from tests.doors.voice.phone import Phone

pytestmark = pytest.mark.usefixtures("at_work")

RIET, RIETS_NUMBER = "+46701740605", "14"
RIETS_DAUGHTER = "+46701740606"
JAN_WITHOUT_FAMILY = "+46701740613"
DOROTHY = "+46701740609"
HELPER = "+46701740620"


def booked(database: Database, number: str) -> list[str]:
    with database.begin() as session:
        query = select(Series.service).join(Recipient).join(Contact).where(Contact.phone == number)
        return list(session.scalars(query.where(Series.status.in_(("offered", "active"))).order_by(Series.id)))


def sent(database: Database, number: str, channel: str = "sms") -> list[str]:
    with database.begin() as session:
        query = select(Outbox.text).where(Outbox.address == number, Outbox.channel == channel)
        return list(session.scalars(query.order_by(Outbox.id)))


def coordinator(database: Database) -> str:
    with database.begin() as session:
        return session.scalars(select(Contact.phone).where(Contact.roles.contains(["coordinator"]))).one()


def book_by_speech(phone: Phone) -> str:
    phone.call()
    phone.say("elke dinsdag om tien uur samen wandelen")
    phone.say("Jo de Boer")
    phone.say("8 2 5 9 B A 42")
    phone.press("1")
    return phone.say("ja graag")


def test_a_booking_by_keys_alone(call_from: CallFrom, database: Database) -> None:
    phone = call_from()
    assert "toets 0" in phone.call()
    phone.press("1")
    phone.press("1")
    phone.press("2")
    phone.press("2")
    phone.press("24")
    phone.press("0930")
    phone.press("1")
    phone.press("825922")
    phone.press("36")
    phone.press("3")
    phone.press("3")
    phone.press("1")
    phone.press("1")
    assert "elke dinsdag en donderdag om 9 uur 30" in phone.log[-1].lower(), phone.transcript()
    assert booked(database, phone.number) == []
    assert "sms" in phone.press("1"), phone.transcript()
    assert booked(database, phone.number) == ["walk"]
    phone.press("1")
    [copy] = sent(database, phone.number)
    assert "dinsdag en donderdag" in copy
    assert "wandelen" not in copy, "no word about the help itself"
    print(phone.transcript())  # shown by `pytest -rP`


def test_a_booking_by_speech(call_from: CallFrom, database: Database) -> None:
    phone = call_from()
    assert "wandelen" not in book_by_speech(phone) or booked(database, phone.number) == ["walk"], phone.transcript()
    assert booked(database, phone.number) == ["walk"], phone.transcript()
    assert "iets voor u doen" in phone.say("nee dank u")
    assert phone.say("nee dat was het").count("ziens") == 1
    assert phone.over
    print(phone.transcript())


def test_the_call_says_that_it_is_a_computer_once(call_from: CallFrom) -> None:
    phone = call_from()
    assert "computer" in phone.call()
    assert "computer" not in phone.say("elke dinsdag wandelen")


def test_english_by_the_first_words_by_a_key_or_by_name(call_from: CallFrom) -> None:
    phone = call_from()
    assert "for english, press 8" in phone.call()
    assert phone.gather().get("language") == "nl-NL"
    assert "at what time" in phone.say("someone to go for a walk with me every Tuesday")
    assert phone.gather().get("language") == "en-GB"
    other = call_from()
    other.call()
    assert "english" in other.press("8")
    assert other.gather().get("language") == "en-GB"
    again = call_from(other.number)
    assert "this is thuisbel" in again.call(), "the language is kept"
    assert "nederlands" in again.say("in Dutch please")


def test_silence_once_again_then_keys_then_a_promise(call_from: CallFrom, database: Database) -> None:
    phone = call_from()
    phone.call()
    phone.say("elke dinsdag wandelen")
    once = phone.silence()
    assert "ik ben er nog" in once
    assert "toets" not in once
    assert "toets 1" in phone.silence()
    last = phone.silence()
    assert "belt" in last or "bellen" in last, phone.transcript()
    assert phone.over
    assert any(phone.number in text for text in sent(database, coordinator(database)))


def test_a_doubtful_sentence_is_read_back_first(call_from: CallFrom) -> None:
    phone = call_from()
    phone.call()
    assert "ik verstond: elke dinsdag wandelen" in phone.say("elke dinsdag wandelen", confidence=0.31)
    assert "hoe laat" in phone.say("ja dat klopt"), phone.transcript()
    assert "ik verstond" in phone.say("om tien uur", confidence=0.2)
    again = phone.press("2")
    assert "nog eens" in again
    assert "hoe laat" in again or "ochtend" in again
    assert "naam" in phone.say("om elf uur")


def test_what_is_said_anew_at_a_read_back_counts(call_from: CallFrom) -> None:
    phone = call_from()
    phone.call()
    phone.say("elke dinsdag handelen", confidence=0.2)
    assert "hoe laat wilt u samen wandelen" in phone.say("elke woensdag wandelen"), phone.transcript()


def test_an_emergency_comes_before_doubt_and_connects_the_family(call_from: CallFrom, database: Database) -> None:
    phone = call_from(RIET)
    phone.call()
    said = phone.say("help ik ben gevallen en kan niet meer opstaan", confidence=0.2)
    assert "112" in said
    assert "huisnummer" not in said
    phone.press("1")
    assert phone.connected_to == RIETS_DAUGHTER, phone.transcript()
    assert sent(database, RIETS_DAUGHTER)
    said = phone.dialled("no-answer")
    assert "112" in said
    assert not phone.over or "medewerker" in said


def test_without_family_a_person_is_connected(call_from: CallFrom, database: Database) -> None:
    phone = call_from(JAN_WITHOUT_FAMILY)
    phone.call()
    phone.say("ik heb pijn op de borst")
    phone.say("ja")
    assert phone.connected_to == coordinator(database), phone.transcript()


def test_zero_connects_to_a_person_in_office_hours(call_from: CallFrom, database: Database) -> None:
    phone = call_from()
    phone.call()
    assert "verbind" in phone.press("0")
    assert phone.connected_to == coordinator(database)
    assert any(phone.number in text for text in sent(database, coordinator(database)))
    phone.dialled("completed")
    assert phone.over


def test_who_takes_over_hears_what_was_asked_for_without_a_word_about_health(
    call_from: CallFrom, database: Database, door: VoiceDoor
) -> None:
    door.operator = "+31612300001"
    phone = call_from()
    phone.call()
    phone.say("elke ochtend hulp met mijn steunkousen")
    phone.say("ik wil een mens spreken")
    assert phone.connected_to == door.operator, phone.transcript()
    [told] = sent(database, door.operator)
    assert "elke dag" in told
    assert phone.number in told
    assert "kous" not in told


def test_nobody_answers_and_a_call_is_promised(call_from: CallFrom) -> None:
    phone = call_from()
    phone.call()
    phone.press("0")
    said = phone.dialled("busy")
    assert "neemt nu niemand op" in said
    assert "uiterlijk" in said
    assert "uiterlijk" in phone.press("0"), "not connected a second time"
    assert phone.connected_to is None


def test_at_night_a_call_is_promised(call_from: CallFrom, clock: Clock) -> None:
    clock.move(datetime(2026, 11, 23, 22, 0))
    phone = call_from()
    phone.call()
    assert "uiterlijk" in phone.press("0")
    assert phone.connected_to is None
    withheld = call_from("anonymous")
    withheld.call()
    assert "verborgen" in withheld.press("0")


def test_the_number_alone_opens_nothing(call_from: CallFrom) -> None:
    phone = call_from(RIET)
    phone.call()
    for request in ("wie komt er morgen", "welke afspraken heb ik", "ik wil morgen afzeggen"):
        said = phone.say(request)
        assert "huisnummer" in said, phone.transcript()
    assert "klopt niet" in phone.press("99")
    said = phone.press(RIETS_NUMBER)
    assert "gepland" in said or "komt" in said or "afspra" in said, phone.transcript()
    assert "huisnummer" not in phone.say("wie komt er woensdag"), "once a call"
    again = call_from(RIET)
    again.call()
    assert "huisnummer" in again.say("wie komt er morgen"), "every call anew"


def test_a_house_number_may_be_said_in_words(call_from: CallFrom) -> None:
    phone = call_from(RIET)
    phone.call()
    phone.say("wie komt er morgen")
    assert "huisnummer" not in phone.say("dat is veertien"), phone.transcript()


def test_wrong_numbers_end_in_a_call_back_and_are_counted_over_calls(call_from: CallFrom) -> None:
    for _ in range(2):
        phone = call_from(DOROTHY)
        phone.call()
        phone.say("who is coming tomorrow")
        for guess in ("1", "2", "3"):
            said = phone.press(guess)
        assert "not certain who you are" in said, phone.transcript()
        assert phone.connected_to is None
        assert "not certain" in phone.say("who is coming tomorrow")
    phone = call_from(DOROTHY)
    phone.call()
    assert "not certain" in phone.say("who is coming tomorrow"), "no third round of guesses in a day"


def test_a_helper_gets_a_code(call_from: CallFrom, database: Database) -> None:
    phone = call_from(HELPER)
    phone.call()
    assert "sms" in phone.say("welke afspraken heb ik")
    code = "".join(c for c in sent(database, HELPER)[-1] if c.isdigit())
    assert "sms" not in phone.press(code), phone.transcript()
    assert "afspra" in phone.log[-1].lower() or "gepland" in phone.log[-1].lower()


def test_withheld_numbers_share_nothing(call_from: CallFrom, database: Database) -> None:
    first, second = call_from("+266696687"), call_from("anonymous")
    first.call()
    first.say("elke dinsdag wandelen")
    second.call()
    assert "hoe laat" not in second.say("verder"), second.transcript()
    with database.begin() as session:
        doors = session.scalars(select(Door).where(Door.address.like("call:%"))).all()
        assert len({door.contact_id for door in doors}) == len(doors) >= 2


def test_two_calls_from_one_number_are_two_conversations(call_from: CallFrom, database: Database) -> None:
    first = call_from()
    second = call_from(first.number)
    first.call()
    second.call()
    first.say("elke dinsdag wandelen")
    second.say("elke vrijdag schoonmaken")
    assert "hoe laat wilt u samen wandelen" in first.press("9")
    assert "schoonmaken" in second.press("9")
    with database.begin() as session:
        kept = session.scalars(select(Conversation).join(Contact).where(Contact.phone == first.number)).all()
        assert len(kept) == 2


def test_nine_repeats_and_star_goes_back(call_from: CallFrom) -> None:
    phone = call_from()
    phone.call()
    phone.press("1")
    first = phone.press("2")
    assert phone.press("9").endswith(first.split("/")[-1].strip())
    assert "hulp in huis" in phone.press("*")
    assert "die toets ken ik hier niet" in phone.press("7")


def test_a_visit_is_left_out_by_keys(call_from: CallFrom, database: Database) -> None:
    number = call_from().number
    phone = call_from(number)
    book_by_speech(phone)
    later = call_from(number)
    later.call()
    assert "huisnummer" in later.press("3")
    assert "voor iets afzeggen, toets 1" in later.press("42"), later.transcript()
    later.press("1")
    later.press("2")
    assert "ik zeg af: dinsdag 1 december" in later.press("0112"), later.transcript()
    assert "afgezegd" in later.press("1"), later.transcript()
