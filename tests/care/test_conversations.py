"""What is remembered of a conversation, and who may touch it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from care.conversations import open_conversation
from care.database import Database
from care.people import contact_for


def test_a_conversation_goes_on_where_it_was(session: Session, world: Any, now: datetime) -> None:
    contact = world.contact()
    first = open_conversation(session, contact, "sms", "nl", now)
    first.state["awaiting"] = {"topic": "time"}
    session.flush()
    session.expunge_all()
    again = open_conversation(session, contact, "sms", "en")
    assert (again.id, again.state, again.language) == (first.id, {"awaiting": {"topic": "time"}}, "nl")
    assert again.updated == now
    assert open_conversation(session, contact, "voice", "en").id != first.id


def test_turns_of_one_conversation_do_not_overlap(database: Database, now: datetime) -> None:
    with database.begin() as session:
        contact = contact_for(session, "sms", "+31612344444", now)

    def turn(_number: int) -> None:
        with database.begin() as session:
            conversation = open_conversation(session, contact, "sms", "nl", now)
            conversation.state["turns"] = conversation.state.get("turns", 0) + 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(turn, range(12)))
    with database.begin() as session:
        assert open_conversation(session, contact, "sms", "nl").state == {"turns": 12}
