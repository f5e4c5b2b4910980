"""Messages go out in order, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from care import inbox, outbox
from care.database import Database
from care.models import Contact, Outbox
from care.people import contact_for


@pytest.fixture
def contact(world: Any) -> Contact:
    return world.contact("+31612345678")


def put(session: Session, contact: Contact, now: datetime, text: str = "dag", **more: Any) -> Outbox:
    return session.get(Outbox, outbox.put(session, contact=contact, channel="sms", text=text, now=now, **more))


def test_a_message_with_a_key_is_written_once(session: Session, contact: Contact, now: datetime) -> None:
    first = put(session, contact, now, key="reply:1:1")
    again = put(session, contact, now, "something else", key="reply:1:1")
    assert again.id == first.id
    assert again.text == "dag"


def test_messages_without_a_key_are_all_written(session: Session, contact: Contact, now: datetime) -> None:
    assert put(session, contact, now).id != put(session, contact, now).id


def test_what_is_due_comes_in_order_of_time_and_then_of_writing(
    session: Session, contact: Contact, now: datetime
) -> None:
    put(session, contact, now, "later", due=now + timedelta(hours=1))
    put(session, contact, now, "second")
    put(session, contact, now, "third")
    put(session, contact, now, "first", due=now - timedelta(minutes=1))
    assert [row.text for row in outbox.claim_due(session, now)] == ["first", "second", "third"]
    assert len(outbox.claim_due(session, now + timedelta(hours=1))) == 4
    assert [row.text for row in outbox.claim_due(session, now, limit=1)] == ["first"]


def test_what_is_due_can_be_of_one_contact_or_channel(session: Session, world: Any, now: datetime) -> None:
    one, other = world.contact(), world.contact()
    put(session, one, now, "one")
    put(session, other, now, "other")
    outbox.put(session, contact=one, channel="voice", text="spoken", now=now)
    assert [row.text for row in outbox.claim_for(session, now, other, "sms")] == ["other"]
    assert [row.text for row in outbox.claim_due(session, now, channel="voice")] == ["spoken"]


def test_what_was_sent_is_not_due_again(session: Session, contact: Contact, now: datetime) -> None:
    row = put(session, contact, now)
    outbox.mark_sent(session, row, now, "SM99")
    assert outbox.claim_due(session, now) == []
    outbox.mark_delivered(session, row, now)
    assert (row.status, row.attempts, row.outside_id) == ("delivered", 1, "SM99")


def test_a_failure_is_tried_again_later_and_then_given_up(session: Session, contact: Contact, now: datetime) -> None:
    row = put(session, contact, now)
    outbox.mark_failed(session, row, now, retry_at=now + timedelta(minutes=1))
    assert outbox.claim_due(session, now) == []
    assert outbox.claim_due(session, now + timedelta(minutes=1)) == [row]
    outbox.mark_failed(session, row, now)
    assert (row.status, row.attempts) == ("failed", 2)
    assert outbox.claim_due(session, now + timedelta(days=1)) == []


def test_a_withdrawn_message_is_not_sent(session: Session, contact: Contact, now: datetime) -> None:
    row = put(session, contact, now, key="reminder:7")
    assert outbox.cancel(session, key="reminder:7") == 1
    assert outbox.cancel(session, key="reminder:7") == 0
    assert row.status == "cancelled"
    with pytest.raises(ValueError, match="either"):
        outbox.cancel(session)


def test_a_contact_without_an_address_on_the_channel_cannot_be_written_to(session: Session, now: datetime) -> None:
    visitor = contact_for(session, "web", "w-1", now)
    number = outbox.put(session, contact=visitor, channel="web", text="dag", now=now)
    assert session.get(Outbox, number).address == "w-1"
    with pytest.raises(LookupError):
        put(session, visitor, now)


def test_answers_are_found_by_what_they_answer(session: Session, contact: Contact, now: datetime) -> None:
    message_id, _ = inbox.accept(
        session, channel="sms", outside_id="SM1", address="+31612345678", text="hallo", now=now
    )
    rows = [put(session, contact, now, text, in_reply_to=message_id) for text in ("one", "two")]
    assert outbox.replies_to(session, message_id) == rows


def test_the_lines_of_the_command(session: Session, contact: Contact, world: Any, now: datetime) -> None:
    put(session, contact, now, options=[{"key": "1", "text": "ja"}])
    put(session, world.contact(), now)
    assert outbox.lines(session, contact) == [
        {
            "to": "+31612345678",
            "channel": "sms",
            "text": "dag",
            "due": "2026-11-23T09:00:00+01:00",
            "status": "due",
        }
    ]
    assert len(outbox.lines(session)) == 2


def test_two_couriers_never_hold_the_same_message(database: Database, now: datetime) -> None:
    with database.begin() as session:
        contact = contact_for(session, "sms", "+31612355555", now)
        for number in range(4):
            put(session, contact, now, str(number))
    with database.begin() as one, database.begin() as other:
        first = [row.text for row in outbox.claim_due(one, now, limit=2)]
        second = [row.text for row in outbox.claim_due(other, now, limit=10)]
    assert (first, second) == (["0", "1"], ["2", "3"])
