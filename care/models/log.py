"""The audit log: who did what, for whom, when. Append-only by the database itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from care.models.base import Row, key, link, mapped, moment


@mapped
class Audit(Row):
    """One thing that was done, as NEN 7513 asks: who, on whose behalf, what, about whom, when, why, with what result.

    `who_id` is null when the system itself did it. `details` holds keys and numbers, never names or what was said.
    """

    __tablename__ = "audit"

    id: int = key()
    happened: datetime = moment()
    who_id: int | None = link("contacts", nullable=True)
    on_behalf_of_id: int | None = link("contacts", nullable=True)
    what: str = Column(Text, nullable=False)
    recipient_id: int | None = link("recipients", nullable=True)
    why: str | None = Column(Text, nullable=True)
    success: bool = Column(Boolean, nullable=False, default=True, server_default=text("true"))
    details: dict[str, Any] = Column(JSONB, nullable=False, default=dict, server_default=text("'{}'"))

    __table_args__: Any = (
        Index("ix_audit_recipient_id_happened", "recipient_id", "happened"),
        Index("ix_audit_who_id_happened", "who_id", "happened"),
    )
