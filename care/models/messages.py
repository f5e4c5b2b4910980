"""What comes in, what goes out, and what is remembered of a conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import relationship

from care.models.base import Row, key, link, mapped, moment, one_of
from care.models.people import LANGUAGES, Contact

OUTBOX_STATUSES = ("due", "sent", "delivered", "failed", "cancelled")


@mapped
class Conversation(Row):
    """What is remembered of the talk with a contact on a channel.

    `channel` is that of the messages, but for a phone call: each is a conversation of its own (`of_call`).
    `state` is saved when one of its keys is set; a change deeper inside must be set back by its key.
    """

    __tablename__ = "conversations"

    id: int = key()
    contact_id: int = link("contacts")
    channel: str = Column(Text, nullable=False)
    language: str = Column(Text, nullable=False)
    state: dict[str, Any] = Column(
        MutableDict.as_mutable(JSONB), nullable=False, default=dict, server_default=sql("'{}'")
    )
    updated: datetime | None = moment(nullable=True)

    contact: Contact = relationship(Contact)

    __table_args__: Any = (
        UniqueConstraint("contact_id", "channel"),
        one_of("language", LANGUAGES),
    )


@mapped
class Inbox(Row):
    """A message that came in. The outside id is the channel's own; the same one twice is one message."""

    __tablename__ = "inbox"

    id: int = key()
    channel: str = Column(Text, nullable=False)
    outside_id: str = Column(Text, nullable=False)
    address: str = Column(Text, nullable=False)
    contact_id: int = link("contacts", index=True)
    conversation_id: int | None = link("conversations", nullable=True)
    text: str = Column(Text, nullable=False)
    kind: str = Column(Text, nullable=False)
    payload: dict[str, Any] = Column(JSONB, nullable=False, default=dict, server_default=sql("'{}'"))
    received: datetime = moment()
    handled: datetime | None = moment(nullable=True)
    error: str | None = Column(Text, nullable=True)

    __table_args__: Any = (
        UniqueConstraint("channel", "outside_id"),
        Index("ix_inbox_open", "received", postgresql_where=sql("handled IS NULL")),
        Index("ix_inbox_channel_address_received", "channel", "address", "received"),
    )


@mapped
class Outbox(Row):
    """A message to be sent at or after `due`, or sent. `options` are the choices shown with it.

    `template` names the text of the domain it was made from, its language and its values, where that is known.
    """

    __tablename__ = "outbox"

    id: int = key()
    contact_id: int = link("contacts")
    conversation_id: int | None = link("conversations", nullable=True)
    channel: str = Column(Text, nullable=False)
    address: str = Column(Text, nullable=False)
    text: str = Column(Text, nullable=False)
    options: list[Any] = Column(JSONB, nullable=False, default=list, server_default=sql("'[]'"))
    kind: str = Column(Text, nullable=False)
    due: datetime = moment()
    status: str = Column(Text, nullable=False, default="due", server_default="due")
    attempts: int = Column(Integer, nullable=False, default=0, server_default=sql("0"))
    sent: datetime | None = moment(nullable=True)
    outside_id: str | None = Column(Text, nullable=True, index=True)
    in_reply_to: int | None = Column(BigInteger, ForeignKey("inbox.id"), nullable=True, index=True)
    key: str | None = Column(Text, nullable=True, unique=True)
    series_id: int | None = link("series", nullable=True)
    visit_id: int | None = link("visits", nullable=True, index=True)
    template: dict[str, Any] | None = Column(JSONB(none_as_null=True), nullable=True)

    contact: Contact = relationship(Contact)

    __table_args__: Any = (
        one_of("status", OUTBOX_STATUSES),
        Index("ix_outbox_due", "due", "id", postgresql_where=sql("status = 'due'")),
        Index("ix_outbox_contact_id_due", "contact_id", "due"),
    )
