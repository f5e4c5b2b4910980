"""Contacts, recipients and mandates."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from care.database import Database
from care.models import Address, Audit, Contact, Door, Mandate, Recipient
from care.people import contact_for, normal_phone, recipients_for, register_for_family, register_recipient


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("06 12345678", "+31612345678"),
        ("+31 6 1234 5678", "+31612345678"),
        ("0031612345678", "+31612345678"),
        ("(020) 123-4567", "+31201234567"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_phones_become_e164(said: str, number: str) -> None:
    assert normal_phone(said) == number


@pytest.mark.parametrize("said", ["", "hallo", "12", "+", "06-12", "1" * 5000, "+999999999999999"])
def test_what_is_no_phone_is_refused_in_a_sentence(said: str) -> None:
    with pytest.raises(ValueError, match="not a valid phone number"):
        normal_phone(said)


def test_the_same_phone_is_the_same_contact_on_every_channel(session: Session, now: datetime) -> None:
    first = contact_for(session, "sms", "0612345678", now, "nl")
    others = [
        contact_for(session, channel, "+31612345678", now, "en")
        for channel in ("sms", "whatsapp", "voice", "telegram", "web")
    ]
    assert {contact.id for contact in others} == {first.id}
    assert first.language == "nl"
    assert session.scalar(select(func.count()).select_from(Door).where(Door.contact_id == first.id)) == 5


def test_an_address_that_is_no_phone_is_a_contact_of_its_own(session: Session, now: datetime) -> None:
    visitor = contact_for(session, "web", "w-12345", now)
    assert visitor.phone is None
    assert contact_for(session, "web", "w-12345", now).id == visitor.id
    assert contact_for(session, "telegram", "w-12345", now).id != visitor.id


def test_a_phone_channel_takes_phones_only(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="phone"):
        contact_for(session, "sms", "w-12345", now)


@pytest.mark.parametrize(("channel", "address"), [("sms", "+31612399999"), ("web", "w-at-once")])
def test_many_at_once_make_one_contact(database: Database, now: datetime, channel: str, address: str) -> None:
    def arrive(_number: int) -> int:
        with database.begin() as session:
            return contact_for(session, channel, address, now).id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(arrive, range(12)))) == 1
    with database.begin() as session:
        doors = select(func.count()).select_from(Door).where(Door.address == address)
        assert session.scalar(doors) == 1
        without = select(func.count()).select_from(Contact).where(Contact.phone.is_(None))
        assert session.scalar(without) <= 1


def test_registering_twice_makes_one_recipient(session: Session, world: Any, now: datetime) -> None:
    contact = world.contact()
    first = register_recipient(session, contact, "Jo Test", world.address(), now)
    again = register_recipient(session, contact, "Someone Else", world.address(), now + timedelta(days=1))
    assert again.id == first.id
    assert again.name == "Jo Test"
    assert contact.roles == ["recipient"]
    assert session.scalar(select(func.count()).select_from(Address)) == 1
    assert session.scalar(select(func.count()).select_from(Audit).where(Audit.recipient_id == first.id)) == 1


def test_who_is_nobodys_family_sees_nobody(session: Session, world: Any, now: datetime) -> None:
    world.recipient()
    assert recipients_for(session, world.contact(), now) == []


def test_a_recipient_comes_before_their_family(session: Session, world: Any, now: datetime) -> None:
    contact = world.contact()
    own = world.recipient(contact)
    other = world.recipient()
    other.name = "Aad Test"
    mandate(session, contact, other, "see", now)
    assert [recipient.id for recipient in recipients_for(session, contact, now)] == [own.id, other.id]


def test_seeing_is_not_acting_but_acting_is_seeing(session: Session, world: Any, now: datetime) -> None:
    family, seen, acted = world.contact(), world.recipient(), world.recipient()
    mandate(session, family, seen, "see", now)
    mandate(session, family, acted, "act", now)
    assert {recipient.id for recipient in recipients_for(session, family, now)} == {seen.id, acted.id}
    assert [recipient.id for recipient in recipients_for(session, family, now, "act")] == [acted.id]


def test_a_mandate_holds_from_its_beginning_until_before_its_end(session: Session, world: Any, now: datetime) -> None:
    family, recipient = world.contact(), world.recipient()
    mandate(session, family, recipient, "act", now, until=now + timedelta(days=30))
    held = [
        bool(recipients_for(session, family, now + timedelta(days=day, seconds=second)))
        for day, second in ((0, -1), (0, 0), (30, -1), (30, 0))
    ]
    assert held == [False, True, True, False]


def test_within_a_transaction_recipients_are_asked_for_once_and_anew_after_a_change(
    session: Session, world: Any, now: datetime
) -> None:
    family, first, second = world.contact(), world.recipient(), world.recipient()
    mandate(session, family, first, "see", now)
    assert recipients_for(session, family, now) == [first]
    with statements(session) as asked:
        assert recipients_for(session, family, now) == [first]
    assert asked == []
    more = Mandate(family_id=family.id, recipient_id=second.id, what="act", given_by_id=family.id, valid_from=now)
    with session.begin_nested() as part:
        session.add(more)
        assert {found.id for found in recipients_for(session, family, now)} == {first.id, second.id}
        part.rollback()
    assert recipients_for(session, family, now) == [first]


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The statements that are sent within the block."""
    sent: list[str] = []
    connection = session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


def test_family_registers_a_recipient_once(session: Session, world: Any, now: datetime) -> None:
    family = world.contact()
    mother = register_for_family(session, family, "Mien Test", world.address(), now)
    assert register_for_family(session, family, "mien test", world.address(), now).id == mother.id
    assert [recipient.id for recipient in recipients_for(session, family, now, "act")] == [mother.id]
    assert family.roles == ["family"]


def test_family_cannot_take_over_who_is_a_recipient_already(session: Session, world: Any, now: datetime) -> None:
    contact = world.contact()
    world.recipient(contact)
    with pytest.raises(PermissionError):
        register_for_family(session, world.contact(), "Jo Test", world.address(), now, phone=contact.phone)


def mandate(
    session: Session, family: Contact, recipient: Recipient, what: str, since: datetime, until: datetime | None = None
) -> None:
    session.add(
        Mandate(
            family_id=family.id,
            recipient_id=recipient.id,
            what=what,
            given_by_id=recipient.contact_id,
            valid_from=since,
            valid_until=until,
        )
    )
    session.flush()
