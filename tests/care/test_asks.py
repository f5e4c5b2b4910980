from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care import asks
from care.models import Ask, Contact

HOUR = timedelta(hours=1)


@pytest.fixture
def contact(session: Session, now: datetime) -> Contact:
    made = Contact(phone="+31612345678", roles=["helper"], created=now)
    session.add(made)
    session.flush()
    return made


def put(session: Session, contact: Contact, now: datetime, key: str = "one", **more: object) -> Ask | None:
    return asks.put(session, contact=contact, question={"topic": "test", "number": key}, now=now, key=key, **more)


def test_a_question_comes_once(session: Session, contact: Contact, now: datetime) -> None:
    assert put(session, contact, now) is not None
    assert put(session, contact, now + HOUR) is None


def test_the_newest_open_one_counts(session: Session, contact: Contact, now: datetime) -> None:
    put(session, contact, now, "first")
    second = put(session, contact, now + HOUR, "second")
    assert asks.newest_open(session, contact) is second
    asks.close(session, second, "answered", now + HOUR)
    assert asks.newest_open(session, contact).question["number"] == "first"


def test_what_was_answered_cannot_be_answered_again(session: Session, contact: Contact, now: datetime) -> None:
    ask = put(session, contact, now)
    assert asks.locked(session, ask.id) is ask
    asks.close(session, ask, "answered", now)
    assert asks.locked(session, ask.id) is None


def test_reminders_and_ends_come_when_due(session: Session, contact: Contact, now: datetime) -> None:
    ask = put(session, contact, now, remind_at=now + HOUR, expires=now + 3 * HOUR)
    assert asks.to_remind(session, now) == []
    assert asks.to_remind(session, now + HOUR) == [ask]
    ask.reminded = now + HOUR
    session.flush()
    assert asks.to_remind(session, now + 2 * HOUR) == []
    assert asks.to_give_up(session, now + 2 * HOUR) == []
    assert asks.to_give_up(session, now + 3 * HOUR) == [ask]


def test_withdrawing_needs_to_know_of_what(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="name either"):
        asks.withdraw(session, now)
