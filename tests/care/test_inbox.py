"""Messages come in once and are handled once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from care import asks, conversations, inbox, outbox
from care.database import Database
from care.models import Contact, Conversation, Inbox


def take(session: Session, now: datetime, outside_id: str = "SM1", **more: Any) -> tuple[int, bool]:
    fields = {"channel": "sms", "address": "+31612345678", "text": "hallo", **more}
    return inbox.accept(session, outside_id=outside_id, now=now, **fields)


def test_a_repeat_keeps_its_id(session: Session, now: datetime) -> None:
    first, new = take(session, now)
    assert new
    assert take(session, now + timedelta(minutes=5), text="other") == (first, False)
    assert take(session, now, "SM2") != (first, True)


def test_the_same_id_on_another_channel_is_another_message(session: Session, now: datetime) -> None:
    assert take(session, now)[0] != take(session, now, channel="whatsapp")[0]


def test_a_message_keeps_what_was_said(session: Session, now: datetime) -> None:
    message_id, _ = take(session, now, text="één\0 'quote'; DROP TABLE inbox", kind="speech", payload={"a": [1]})
    row = inbox.claim(session, message_id)
    assert row is not None
    assert (row.text, row.kind, row.payload) == ("één 'quote'; DROP TABLE inbox", "speech", {"a": [1]})
    assert row.address == "+31612345678"
    assert row.received == now


def test_what_was_handled_is_not_claimed_again(session: Session, now: datetime) -> None:
    message_id, _ = take(session, now)
    assert inbox.open_ids(session) == [message_id]
    inbox.mark_handled(session, inbox.claim(session, message_id), now, error="e-1")
    assert inbox.claim(session, message_id) is None
    assert inbox.open_ids(session) == []
    assert session.get(Inbox, message_id).error == "e-1"


def test_a_message_that_does_not_exist_is_not_claimed(session: Session) -> None:
    assert inbox.claim(session, 10**12) is None


def test_a_bad_address_is_refused_and_nothing_is_kept(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="phone"):
        take(session, now, address="nobody")
    assert session.scalar(select(func.count()).select_from(Inbox)) == 0


def test_a_message_delivered_many_times_at_once_is_taken_once(database: Database, now: datetime) -> None:
    def deliver(_number: int) -> tuple[int, bool]:
        with database.begin() as session:
            return take(session, now, "SM-at-once", address="+31612377777")

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(deliver, range(12)))
    assert len({message_id for message_id, _ in results}) == 1
    assert sum(new for _, new in results) == 1


def test_two_workers_handle_a_message_once(database: Database, now: datetime) -> None:
    with database.begin() as session:
        message_id, _ = take(session, now, "SM-two-workers", address="+31612366666")

    def handle(_number: int) -> bool:
        with database.begin() as session:
            row = inbox.claim(session, message_id)
            if row is None:
                return False
            inbox.mark_handled(session, row, now)
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(handle, range(4))) == [False, False, False, True]


def test_a_message_is_claimed_with_its_talk(session: Session, now: datetime) -> None:
    message_id, _ = take(session, now)
    assert inbox.claim_with_talk(session, message_id) is None, "nothing is remembered on this channel yet"
    contact = session.get(Contact, session.get(Inbox, message_id).contact_id)
    begun = conversations.open_conversation(session, contact, "sms", "nl")
    talk = inbox.claim_with_talk(session, message_id)
    assert talk is not None
    assert (talk.message.id, talk.contact, talk.conversation, talk.asked) == (message_id, contact, begun, False)
    asks.put(session, contact=contact, question={"topic": "t"}, now=now, key="k")
    assert inbox.claim_with_talk(session, message_id).asked
    inbox.mark_handled(session, talk.message, now)
    assert inbox.claim_with_talk(session, message_id) is None


def test_a_reply_is_written_with_the_mark_of_its_message(session: Session, now: datetime) -> None:
    message_id, _ = take(session, now)
    message = inbox.claim(session, message_id)
    contact = session.get(Contact, message.contact_id)
    talk = conversations.open_conversation(session, contact, "sms", "nl")
    options = [{"key": "1", "text": "ja; 'echt'"}]
    outbox.reply(session, message, talk, [("één", options), ("twee", ())], now)
    assert inbox.claim(session, message_id) is None
    rows = outbox.replies_to(session, message_id)
    assert [(row.text, row.options, row.status, row.address) for row in rows] == [
        ("één", options, "due", "+31612345678"),
        ("twee", [], "due", "+31612345678"),
    ]
    assert {(row.due, row.kind, row.sent, row.attempts, row.conversation_id) for row in rows} == {
        (now, "reply", None, 0, talk.id)
    }
    assert [row.key for row in rows] == [f"reply:{message_id}:1", f"reply:{message_id}:2"]


def test_what_is_said_at_once_counts_as_sent(session: Session, now: datetime) -> None:
    message_id, _ = take(session, now)
    message = inbox.claim(session, message_id)
    talk = conversations.open_conversation(session, session.get(Contact, message.contact_id), "sms", "nl")
    outbox.reply(session, message, talk, [("dag", ())], now, said=True, error="e-1")
    [row] = outbox.replies_to(session, message_id)
    assert (row.status, row.sent, row.attempts) == ("sent", now, 1)
    session.expire_all()
    assert session.get(Inbox, message_id).error == "e-1"


def test_what_changed_of_the_talk_is_written_with_the_reply(session: Session, now: datetime) -> None:
    message_id, _ = take(session, now)
    message = inbox.claim(session, message_id)
    talk = conversations.open_conversation(session, session.get(Contact, message.contact_id), "sms", "nl")
    talk.state["introduced"] = True
    session.flush()
    talk.state["awaiting"] = {"topic": "hé; 'zo'"}
    outbox.reply(session, message, talk, [("dag", ())], now)
    session.flush()
    found = session.get(Conversation, talk.id, populate_existing=True)
    assert (found.state, found.language) == ({"introduced": True, "awaiting": {"topic": "hé; 'zo'"}}, "nl")
    assert found.updated == message.received


def test_a_talk_that_did_not_change_keeps_what_it_has(session: Session, now: datetime) -> None:
    message_id, _ = take(session, now)
    message = inbox.claim(session, message_id)
    talk = conversations.open_conversation(session, session.get(Contact, message.contact_id), "sms", "nl")
    talk.state["introduced"] = True
    session.flush()
    talk.language = "en"
    outbox.reply(session, message, talk, [], now)
    found = session.get(Conversation, talk.id, populate_existing=True)
    assert (found.state, found.language, found.updated) == ({"introduced": True}, "en", message.received)
