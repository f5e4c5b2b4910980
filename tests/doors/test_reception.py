"""What the doors do by themselves: STOP, START and HELP, linking, the calendar's address, and who waits."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from bot.brain import Brain
from bot.doors.keywords import Keywords
from care.models import Contact, Door
from care.people import behind_phone, contact_for
from channels import gsm
from tests.doors.conftest import Installation
from tests.doors.fake_twilio import FakeTwilio
from tests.doors.payloads import from_telegram, from_twilio
from tests.doors.test_telegram_door import update
from tests.doors.twilio_talk import form, handle_all


def say(installation: Installation, address: str, text: str, channel: str = "sms") -> None:
    if channel == "telegram":
        answer = from_telegram(installation.client, update("text", address, text=text))
    else:
        answer = from_twilio(installation.client, form(address, text, channel=channel))
    assert answer.status_code == 200


def replies(installation: Installation, address: str) -> list[str]:
    return [text for _, _, text in installation.sent(address)]


def send_all(installation: Installation) -> None:
    """Let the courier do all it has; it lets each message arrive before the next."""
    for _ in range(4):
        installation.courier.send_due()
        installation.move(seconds=5)


def ask_something(installation: Installation, address: str) -> None:
    """A question is open on all the person's doors."""
    with installation.database.begin() as session:
        session.execute(
            sql(
                "UPDATE conversations SET state = jsonb_build_object('awaiting', jsonb_build_object('topic', 'x'))"
                " WHERE contact_id = (SELECT contact_id FROM doors WHERE address = :address LIMIT 1)"
            ),
            {"address": address},
        )


# STOP, START, HELP


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize("word", ["STOP", "stop", "Stop.", "  stoppen ", "AFMELDEN", "unsubscribe", "Stop all"])
def test_stop_is_obeyed_answered_once_and_kept_from_the_brain(
    installation: Installation, twilio: FakeTwilio, phone: str, channel: str, word: str
) -> None:
    say(installation, phone, word, channel)
    [reply] = replies(installation, phone)
    assert "START" in reply
    assert installation.counts()[2] == 0
    twilio.windows.add(phone)
    installation.put(channel, phone, "Morgen komt Maria.", kind="notice")
    send_all(installation)
    assert (channel, "cancelled", "Morgen komt Maria.") in installation.sent(phone)
    prefix = "whatsapp:" if channel == "whatsapp" else ""
    assert [message["body"] for message in twilio.taken if message["to"] == prefix + phone] == [gsm.to_gsm(reply)]


def test_stop_is_for_one_door_and_what_is_unasked_goes_by_the_other(
    installation: Installation, twilio: FakeTwilio, phone: str
) -> None:
    twilio.windows.add(phone)
    say(installation, phone, "dag", "whatsapp")
    say(installation, phone, "STOP", "sms")
    installation.put("sms", phone, "Morgen komt Maria.", kind="notice")
    send_all(installation)
    unasked = [message for message in twilio.taken if message["body"] == "Morgen komt Maria."]
    assert [message["to"] for message in unasked] == [f"whatsapp:{phone}"]


def test_after_stop_somebody_is_still_answered(
    installation: Installation, brain: Brain, twilio: FakeTwilio, phone: str
) -> None:
    say(installation, phone, "STOP")
    say(installation, phone, "dag")
    handle_all(installation, brain)
    send_all(installation)
    assert "U zei: dag." in twilio.bodies(phone)


def test_start_lets_messages_come_again(installation: Installation, twilio: FakeTwilio, phone: str) -> None:
    say(installation, phone, "STOP")
    say(installation, phone, "START")
    installation.put("sms", phone, "Morgen komt Maria.", kind="notice")
    send_all(installation)
    assert len(twilio.bodies(phone)) == 3
    assert twilio.bodies(phone)[-1] == "Morgen komt Maria."


@pytest.mark.parametrize(("word", "phrase"), [("HELP", "112"), ("info", "112"), ("help", "call 112"), ("INFO", "bel")])
def test_help_says_who_we_are_and_what_to_do_in_an_emergency(
    installation: Installation, phone: str, word: str, phrase: str
) -> None:
    say(installation, phone, word)
    assert phrase in replies(installation, phone)[0]
    assert "Thuisbel" in replies(installation, phone)[0]


def test_with_a_question_open_a_small_stop_is_an_answer_but_not_by_text_message(
    installation: Installation, brain: Brain, phone: str, chat: str
) -> None:
    for address, channel in ((phone, "whatsapp"), (phone, "sms"), (chat, "telegram")):
        say(installation, address, "dag", channel)
    handle_all(installation, brain)
    ask_something(installation, phone)
    ask_something(installation, chat)
    for address, channel in ((phone, "whatsapp"), (chat, "telegram")):
        say(installation, address, "stop", channel)
        with installation.database.begin() as session:
            assert session.query(Door).filter(Door.address == address, Door.channel == channel).one().stopped is None
        say(installation, address, "STOP", channel)
        with installation.database.begin() as session:
            assert session.query(Door).filter(Door.address == address, Door.channel == channel).one().stopped
    say(installation, phone, "stop", "sms")
    with installation.database.begin() as session:
        assert session.query(Door).filter(Door.address == phone, Door.channel == "sms").one().stopped


def test_words_that_twilio_obeys_itself_are_not_answered_twice(installation: Installation, phone: str) -> None:
    from_twilio(installation.client, form(phone, "STOP", OptOutType="STOP"))
    assert replies(installation, phone) == []
    installation.put("sms", phone, "Morgen komt Maria.", kind="notice")
    installation.courier.send_due()
    assert installation.sent(phone)[0][1] == "cancelled"


def test_somebody_whom_twilio_knows_to_have_stopped_is_left_alone(
    installation: Installation, twilio: FakeTwilio, phone: str
) -> None:
    twilio.refuse[phone] = 21610
    say(installation, phone, "dag")
    installation.put("sms", phone, "een", "twee", kind="notice")
    installation.courier.send_due()
    assert [status for _, status, _ in installation.sent(phone)] == ["failed", "cancelled"]


def test_telegrams_commands_are_obeyed_whatever_is_asked(installation: Installation, brain: Brain, chat: str) -> None:
    from_telegram(installation.client, update("command start", chat))
    assert "ik ben Thuisbel" in replies(installation, chat)[0]
    from_telegram(installation.client, update("text", chat))
    handle_all(installation, brain)
    ask_something(installation, chat)
    from_telegram(installation.client, update("command stop", chat))
    assert "START" in replies(installation, chat)[-1]
    from_telegram(installation.client, update("command start", chat))
    assert "weer berichten" in replies(installation, chat)[-1]


@pytest.mark.parametrize(
    "text",
    ["stop de hulp van dinsdag", "kunt u stoppen met bellen", "hulp", "help!", "help me met douchen", "startdatum"],
)
def test_a_sentence_is_the_brains(installation: Installation, phone: str, text: str) -> None:
    say(installation, phone, text)
    assert replies(installation, phone) == []
    assert installation.counts()[2] == 1


def test_every_word_means_one_thing() -> None:
    keywords = Keywords.load()
    assert keywords.talk <= set(keywords.words)
    assert all(word == " ".join(word.casefold().split()) for word in keywords.words)


# Linking


def code_sent_to(installation: Installation, phone: str) -> str:
    return re.search(r"\d{6}", replies(installation, phone)[-1])[0]


def test_a_telegram_chat_and_a_phone_become_one_contact_by_a_code(
    installation: Installation, brain: Brain, phone: str, chat: str
) -> None:
    say(installation, phone, "dag", "whatsapp")
    say(installation, chat, "hoi", "telegram")
    handle_all(installation, brain)
    say(installation, chat, "Koppelen", "telegram")
    assert "Welk" in replies(installation, chat)[-1].title()
    say(installation, chat, f"0{phone.removeprefix('+31')}", "telegram")
    code = code_sent_to(installation, phone)
    say(installation, chat, f" {code[:3]} {code[3:]} ", "telegram")
    assert "Gelukt" in replies(installation, chat)[-1]
    with installation.database.begin() as session:
        [holder] = session.query(Contact).filter(Contact.phone == phone)
        doors = session.query(Door).filter(Door.contact_id == holder.id)
        assert {(door.channel, door.address) for door in doors} >= {("whatsapp", phone), ("telegram", chat)}
    # What follows is the same person's, and answered where it came in.
    say(installation, chat, "dag", "telegram")
    assert {heard.contact_id for heard in installation.heard(chat)} == {holder.id}
    handle_all(installation, brain)
    assert installation.sent(chat)[-1][2].startswith("Dat was bericht")


def test_a_card_with_ones_own_number_is_a_number_like_any_other(
    installation: Installation, phone: str, chat: str
) -> None:
    say(installation, chat, "koppel", "telegram")
    card = {"phone_number": phone.removeprefix("+"), "first_name": "Jo", "user_id": int(chat)}
    from_telegram(installation.client, update("own contact card", chat, contact=card))
    say(installation, chat, code_sent_to(installation, phone), "telegram")
    with installation.database.begin() as session:
        holder = behind_phone(session, phone)
        assert holder is not None
        assert session.query(Door).filter(Door.contact_id == holder.id, Door.address == chat).count() == 1


def test_a_wrong_code_links_nothing_and_five_end_it(installation: Installation, phone: str, chat: str) -> None:
    say(installation, phone, "dag")
    say(installation, chat, "koppel", "telegram")
    say(installation, chat, phone, "telegram")
    right = code_sent_to(installation, phone)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        say(installation, chat, wrong, "telegram")
    assert "gestopt" in replies(installation, chat)[-1]
    say(installation, chat, right, "telegram")
    with installation.database.begin() as session:
        assert session.query(Door).filter(Door.address == chat).one().contact.phone is None


def test_a_code_lapses(installation: Installation, phone: str, chat: str) -> None:
    say(installation, chat, "koppel", "telegram")
    say(installation, chat, phone, "telegram")
    code = code_sent_to(installation, phone)
    installation.move(minutes=16)
    say(installation, chat, code, "telegram")
    with installation.database.begin() as session:
        assert behind_phone(session, phone) is None


def test_nobodys_phone_is_flooded_with_codes(installation: Installation, phone: str, chat: str) -> None:
    for _ in range(6):
        say(installation, chat, "koppel", "telegram")
        say(installation, chat, phone, "telegram")
        installation.move(seconds=30)
    assert len(replies(installation, phone)) == 3
    assert "te veel codes" in replies(installation, chat)[-1]


def test_a_phone_that_wants_no_messages_gets_no_code(installation: Installation, phone: str, chat: str) -> None:
    say(installation, phone, "STOP")
    say(installation, chat, "koppel", "telegram")
    say(installation, chat, phone, "telegram")
    assert len(replies(installation, phone)) == 1
    assert "zes cijfers" in replies(installation, chat)[-1], "the answer does not give that away"


def test_numbers_in_a_talk_are_not_taken_for_codes(installation: Installation, phone: str) -> None:
    say(installation, phone, "123456")
    say(installation, phone, "0612345678")
    assert installation.counts()[2] == 2


# The calendar


def test_a_calendars_address_is_given_works_and_can_be_renewed(installation: Installation, phone: str) -> None:
    from care.demo.loader import load_demo

    with installation.database.begin() as session:
        person = load_demo(session, installation.clock.now())["recipients"][0]
    say(installation, phone, "agendalink")
    assert "geen afspraken" in replies(installation, phone)[-1]
    addresses = []
    for _ in range(2):
        say(installation, person, "Agenda link")
        addresses.append(
            re.search(r"https://thuisbel\.example(/calendar/\S+\.ics)", replies(installation, person)[-1])[1]
        )
    assert installation.client.get(addresses[0]).status_code == 404, "only the newest is good"
    answer = installation.client.get(addresses[1])
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text.startswith("BEGIN:VCALENDAR")
    assert "no-cache" in answer.headers["cache-control"]
    assert installation.client.head(addresses[1]).status_code == 200


@pytest.mark.parametrize("token", ["x", "A" * 43, "..%2f..%2fkey", "é" * 40, "A" * 5000])
def test_without_the_token_there_is_no_calendar(installation: Installation, token: str) -> None:
    assert installation.client.get(f"/calendar/{token}.ics").status_code == 404


def test_who_guesses_calendars_has_to_wait(installation: Installation) -> None:
    answers = [installation.client.get(f"/calendar/{'A' * 40}{n:03d}.ics").status_code for n in range(70)]
    assert answers.count(429) >= 9
    assert set(answers) == {404, 429}


# Who waits


def test_who_waits_for_the_brain_is_told_once_and_answered_later(
    installation: Installation, brain: Brain, phone: str, chat: str
) -> None:
    say(installation, phone, "dag")
    say(installation, phone, "bent u daar?")
    say(installation, chat, "hallo", "telegram")
    for _ in range(3):
        installation.doors.waiting()
    assert replies(installation, phone) == [], "not within the first minutes"
    installation.move(minutes=4)
    for _ in range(3):
        installation.doors.waiting()
    assert len(replies(installation, phone)) == len(replies(installation, chat)) == 1
    assert "112" in replies(installation, phone)[0]
    handle_all(installation, brain)
    installation.move(minutes=4)
    installation.doors.waiting()
    assert replies(installation, phone)[1:] == [
        "U zei: dag.",
        "Dat was bericht 1.",
        "U zei: bent u daar?.",
        "Dat was bericht 2.",
    ]


def test_a_message_whose_job_was_given_up_gets_another(installation: Installation, phone: str) -> None:
    say(installation, phone, "dag")
    with installation.database.begin() as session:
        session.execute(sql("UPDATE procrastinate_jobs SET status = 'doing'"))
        session.execute(sql("UPDATE procrastinate_jobs SET status = 'failed'"))
    installation.doors.waiting()
    assert installation.counts()[2] == 1
    installation.move(minutes=4)
    for _ in range(2):
        installation.doors.waiting()
    with installation.database.begin() as session:
        statuses = session.scalars(sql("SELECT status::text FROM procrastinate_jobs ORDER BY id")).all()
    assert statuses == ["failed", "todo"]


def test_a_contact_that_is_merged_keeps_what_both_had(installation: Installation, phone: str, chat: str) -> None:
    from care import merging

    with installation.database.begin() as session:
        now = installation.clock.now() - timedelta(days=1)
        gone, kept = contact_for(session, "telegram", chat, now), contact_for(session, "sms", phone, now)
        session.flush()
        gone.roles, kept.roles = ["family"], ["recipient"]
        merging.merge(session, gone, kept, now)
    with installation.database.begin() as session:
        assert contact_for(session, "telegram", chat, now).phone == phone
        assert behind_phone(session, phone).roles == ["family", "recipient"]
