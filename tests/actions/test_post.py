"""Messages and questions to others: in their language, over their door, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.post import Post
from care.conversations import open_conversation
from care.models import Contact, Door, Outbox


@pytest.fixture
def contact(session: Session, now: datetime) -> Contact:
    made = Contact(phone="+31612345679", language="en", roles=["helper"], created=now)
    session.add(made)
    session.flush()
    return made


def written(session: Session) -> list[Outbox]:
    return list(session.scalars(select(Outbox).order_by(Outbox.id)))


def test_a_question_is_sent_with_its_choices_and_kept(session: Session, contact: Contact, now: datetime) -> None:
    post = Post(session, now, "7")
    ask = post.ask(contact, "undo", "yes_no", "ask_undo", keep={"series": 4})
    message = written(session)[0]
    assert [option["text"] for option in message.options] == ["Yes", "No"]
    assert (message.channel, message.kind) == ("sms", "notice")
    assert ask.question["text"] == message.text
    assert ask.question["series"] == 4
    assert [option["value"] for option in ask.question["options"]] == ["yes", "no"]


def test_the_same_cause_asks_once(session: Session, contact: Contact, now: datetime) -> None:
    for _ in range(2):
        Post(session, now, "7").ask(contact, "undo", "yes_no", "ask_undo")
    assert len(written(session)) == 1


def test_it_goes_where_the_person_talked_last(session: Session, contact: Contact, now: datetime) -> None:
    for channel, moment in (("sms", now - timedelta(days=1)), ("telegram", now)):
        session.add(Door(channel=channel, address=f"at-{channel}", contact_id=contact.id, created=now))
        open_conversation(session, contact, channel, "en", moment)
    session.flush()
    assert Post(session, now, "7").notify(contact, "ask_undo")
    assert (written(session)[0].channel, written(session)[0].address) == ("telegram", "at-telegram")


def test_who_cannot_be_reached_is_not_asked(session: Session, now: datetime) -> None:
    nobody = Contact(roles=["family"], created=now)
    session.add(nobody)
    session.flush()
    assert Post(session, now, "7").ask(nobody, "undo", "yes_no", "ask_undo") is None
    assert not Post(session, now, "7").notify(nobody, "ask_undo")
    assert written(session) == []


def test_a_reminder_repeats_the_question(session: Session, contact: Contact, now: datetime) -> None:
    post = Post(session, now, "7")
    ask = post.ask(contact, "undo", "yes_no", "ask_undo")
    post.ask_once_more(ask, "not_understood_question")
    assert written(session)[1].text.endswith(ask.question["text"])
    assert ask.reminded == now


def test_who_is_talking_is_written_to_where_they_talk(session: Session, contact: Contact, now: datetime) -> None:
    session.add(Door(contact_id=contact.id, channel="whatsapp", address=contact.phone, created=now))
    here = open_conversation(session, contact, "whatsapp", "en")
    open_conversation(session, contact, "sms", "en", now)
    assert Post(session, now, "7", here).notify(contact, "ask_undo")
    assert Post(session, now, "8").notify(contact, "ask_undo")
    assert [row.channel for row in written(session)] == ["whatsapp", "sms"]
