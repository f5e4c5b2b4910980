"""What is kept of the doors beside the messages themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy import text as sql

from care.models.base import Row, key, link, mapped, moment, one_of

DELIVERY_STATUSES = ("sent", "delivered", "failed")
LINK_STATUSES = ("asked", "sent", "done", "dropped")


@mapped
class Delivery(Row):
    """One part of a message of the outbox that a channel took under its own id, and what became of it.

    `error` is the channel's own code. Most messages have one part, with number 0.
    """

    __tablename__ = "deliveries"

    id: int = key()
    outbox_id: int = Column(BigInteger, ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False)
    part: int = Column(SmallInteger, nullable=False)
    channel: str = Column(Text, nullable=False)
    outside_id: str | None = Column(Text, nullable=True, index=True)
    status: str = Column(Text, nullable=False)
    error: str | None = Column(Text, nullable=True)
    changed: datetime = moment()

    __table_args__: Any = (
        UniqueConstraint("outbox_id", "part"),
        one_of("status", DELIVERY_STATUSES),
    )


@mapped
class DoorLink(Row):
    """Somebody at a door links it to a phone: the phone is asked, a code is sent there, and typed back.

    `code` is a keyed hash of the code; `tries` counts what was typed.
    """

    __tablename__ = "door_links"

    id: int = key()
    contact_id: int = link("contacts")
    channel: str = Column(Text, nullable=False)
    address: str = Column(Text, nullable=False)
    phone: str | None = Column(Text, nullable=True)
    code: str | None = Column(Text, nullable=True)
    tries: int = Column(SmallInteger, nullable=False, default=0, server_default=sql("0"))
    status: str = Column(Text, nullable=False)
    created: datetime = moment()
    changed: datetime = moment()

    __table_args__: Any = (
        one_of("status", LINK_STATUSES),
        Index("ix_door_links_channel_address_changed", "channel", "address", "changed"),
        Index("ix_door_links_phone_created", "phone", "created"),
    )


@mapped
class CalendarFeed(Row):
    """An address at which a person's calendar program fetches their visits, until it is revoked."""

    __tablename__ = "calendar_feeds"

    id: int = key()
    contact_id: int = link("contacts", index=True)
    token_hash: str = Column(Text, nullable=False, unique=True)
    created: datetime = moment()
    revoked: datetime | None = moment(nullable=True)
