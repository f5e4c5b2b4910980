"""Who is reachable, who gets help, and who may act for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import relationship

from care.models.base import Row, key, link, mapped, moment, one_of
from care.models.places import Address

ROLES = ("recipient", "family", "helper", "coordinator")
LANGUAGES = ("nl", "en")


@mapped
class Contact(Row):
    """Anyone reachable on a channel.

    `phone` is E.164; `language` is the one they are spoken to in; `roles` are of ROLES.
    """

    __tablename__ = "contacts"

    id: int = key()
    phone: str | None = Column(Text, nullable=True, unique=True)
    name: str | None = Column(Text, nullable=True)
    language: str | None = Column(Text, nullable=True)
    roles: list[str] = Column(ARRAY(Text), nullable=False, default=list, server_default=text("'{}'"))
    created: datetime = moment()

    __table_args__: Any = (one_of("language", LANGUAGES),)


@mapped
class Door(Row):
    """One address of a contact on one channel: a phone number, a chat id, a web visitor's id.

    `stopped` is when nothing unasked may be sent there any more: the person `asked` for that, or has `blocked` us.
    """

    __tablename__ = "doors"

    id: int = key()
    channel: str = Column(Text, nullable=False)
    address: str = Column(Text, nullable=False)
    contact_id: int = link("contacts", index=True)
    created: datetime = moment()
    stopped: datetime | None = moment(nullable=True)
    stopped_why: str | None = Column(Text, nullable=True)

    contact: Contact = relationship(Contact)

    __table_args__: Any = (
        UniqueConstraint("channel", "address"),
        one_of("stopped_why", ("asked", "blocked")),
    )


@mapped
class Recipient(Row):
    """The person who gets help. `contact_id` is null for one who is only reached through family.

    A contact is at most one recipient. No BSN is kept, by design.
    """

    __tablename__ = "recipients"

    id: int = key()
    contact_id: int | None = Column(BigInteger, ForeignKey("contacts.id"), nullable=True, unique=True)
    name: str = Column(Text, nullable=False)
    address_id: int = link("addresses")
    gender: str | None = Column(Text, nullable=True)
    birth_year: int | None = Column(Integer, nullable=True)
    created: datetime = moment()

    contact: Contact | None = relationship(Contact)
    address: Address = relationship(Address, lazy="joined", innerjoin=True)

    __table_args__: Any = (one_of("gender", ("female", "male")),)


@mapped
class Mandate(Row):
    """What a family contact may do for a recipient: `see`, or `act` (which includes seeing).

    Valid from `valid_from` until before `valid_until` (null: until taken back).
    """

    __tablename__ = "mandates"

    id: int = key()
    family_id: int = link("contacts")
    recipient_id: int = link("recipients", index=True)
    what: str = Column(Text, nullable=False)
    given_by_id: int = link("contacts")
    valid_from: datetime = moment()
    valid_until: datetime | None = moment(nullable=True)

    __table_args__: Any = (
        one_of("what", ("see", "act")),
        Index("uq_mandates_current", "family_id", "recipient_id", "what", "valid_from", unique=True),
    )
