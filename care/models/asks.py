"""Questions put to somebody outside a turn of their own: to a helper, a recipient, a coordinator."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import relationship

from care.models.base import Row, key, link, mapped, moment, one_of
from care.models.people import Contact

ASK_STATUSES = ("open", "answered", "withdrawn", "expired")


@mapped
class Ask(Row):
    """A question that somebody else's deed, or the clock, put to a contact.

    `question` is what a turn keeps of an open question (its topic, kind, text key, options and values). It was put at
    `asked`; who has not answered is reminded once at `remind_at` (`reminded` then), and at `expires` it is given up and
    dealt with without them. `key` makes it come only once.
    """

    __tablename__ = "asks"

    id: int = key()
    contact_id: int = link("contacts")
    topic: str = Column(Text, nullable=False)
    question: dict[str, Any] = Column(JSONB, nullable=False)
    status: str = Column(Text, nullable=False, default="open", server_default="open")
    asked: datetime = moment()
    remind_at: datetime | None = moment(nullable=True)
    reminded: datetime | None = moment(nullable=True)
    expires: datetime | None = moment(nullable=True)
    closed: datetime | None = moment(nullable=True)
    key: str = Column(Text, nullable=False, unique=True)
    series_id: int | None = link("series", nullable=True, index=True)
    visit_id: int | None = link("visits", nullable=True, index=True)

    contact: Contact = relationship(Contact)

    __table_args__: Any = (
        one_of("status", ASK_STATUSES),
        Index("ix_asks_contact_id_open", "contact_id", "asked", postgresql_where=sql("status = 'open'")),
        Index("ix_asks_remind_at", "remind_at", postgresql_where=sql("status = 'open' AND reminded IS NULL")),
        Index("ix_asks_expires", "expires", postgresql_where=sql("status = 'open'")),
    )
