from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from care import doors, inbox
from care.models import Contact, Door
from care.people import contact_for

PHONE, CHAT = "+31612340001", "4711"
ALL = ("sms", "whatsapp", "telegram")


@pytest.fixture
def contact(session: Session, now: datetime) -> Contact:
    """Somebody with a door on WhatsApp and one on Telegram."""
    contact = contact_for(session, "whatsapp", PHONE, now)
    session.add(Door(channel="telegram", address=CHAT, contact_id=contact.id, created=now))
    session.flush()
    return contact


@pytest.mark.usefixtures("contact")
def test_a_door_is_stopped_once_and_started_again(session: Session, now: datetime) -> None:
    assert doors.stop(session, "whatsapp", PHONE, now)
    assert not doors.stop(session, "whatsapp", PHONE, now)
    assert doors.is_stopped(session, "whatsapp", PHONE)
    assert not doors.is_stopped(session, "telegram", CHAT)
    assert doors.start(session, "whatsapp", PHONE)
    assert not doors.start(session, "whatsapp", PHONE)
    assert not doors.is_stopped(session, "whatsapp", PHONE)


@pytest.mark.usefixtures("contact")
def test_a_wish_outlasts_a_block(session: Session, now: datetime) -> None:
    doors.stop(session, "telegram", CHAT, now, "blocked")
    doors.stop(session, "telegram", CHAT, now, "asked")
    assert not doors.stop(session, "telegram", CHAT, now, "blocked")
    assert not doors.start(session, "telegram", CHAT, only="blocked"), "letting us in again takes no wish back"
    assert doors.is_stopped(session, "telegram", CHAT)


def test_a_door_nobody_came_by_cannot_be_stopped(session: Session, now: datetime) -> None:
    assert not doors.stop(session, "sms", "+31699999999", now)
    assert not doors.is_stopped(session, "sms", "+31699999999")


@pytest.mark.parametrize(
    ("open_channels", "tried", "stopped", "expected"),
    [
        (ALL, ["whatsapp"], [], ("telegram", CHAT)),
        (ALL, ["telegram"], [], ("whatsapp", PHONE)),
        (ALL, ["whatsapp", "telegram"], [], ("sms", PHONE)),
        (ALL, ["whatsapp"], ["telegram"], ("sms", PHONE)),
        (("whatsapp", "telegram"), ["whatsapp"], ["telegram"], None),
        (ALL, ALL, [], None),
        ((), [], [], None),
    ],
)
def test_the_next_door_is_one_that_is_open_not_stopped_and_not_tried(
    session: Session,
    now: datetime,
    contact: Contact,
    open_channels: tuple[str, ...],
    tried: list[str],
    stopped: list[str],
    expected: tuple[str, str] | None,
) -> None:
    for channel in stopped:
        doors.stop(session, channel, {"telegram": CHAT}.get(channel, PHONE), now)
    assert doors.next_door(session, contact, open_channels, tried) == expected


def test_a_phone_stopped_by_text_message_gets_none(session: Session, now: datetime, contact: Contact) -> None:
    contact_for(session, "sms", PHONE, now)
    doors.stop(session, "sms", PHONE, now)
    assert doors.next_door(session, contact, ["sms"], []) is None


def test_it_is_known_when_somebody_was_heard_last(session: Session, now: datetime) -> None:
    inbox.accept(session, channel="whatsapp", outside_id="SM1", address=PHONE, text="dag", now=now)
    assert doors.heard_since(session, "whatsapp", PHONE, now - timedelta(minutes=1))
    assert not doors.heard_since(session, "whatsapp", PHONE, now)
    assert not doors.heard_since(session, "sms", PHONE, now - timedelta(minutes=1))
