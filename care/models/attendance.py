"""The day of a visit: who came and went when, who stands in for whom, and how far the daily rounds have come."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import relationship

from care.models.base import Row, key, link, mapped, moment, one_of
from care.models.bookings import Series

SUBSTITUTION_STATUSES = ("looking", "choosing", "asking", "stuck", "covered", "left_out", "nobody", "back", "withdrawn")
"""The first four are open: looking for offers, the recipient chooses, the substitute was asked, a person must help."""
OPEN_SUBSTITUTIONS = SUBSTITUTION_STATUSES[:4]

_open = "status IN ({})".format(", ".join(f"'{status}'" for status in OPEN_SUBSTITUTIONS))


@mapped
class CheckIn(Row):
    """What is known of a visit's real course; a visit nobody said anything about has none.

    `arrived` and `departed` are the real times. `expected` is when a helper who runs late will be there. `asked` is
    when both sides were asked whether the helper is there, `denied` when the recipient said no, `escalated` when a
    coordinator was told. `reviewed` is when the recipient was asked to approve the hours.
    """

    __tablename__ = "check_ins"

    visit_id: int = Column(BigInteger, ForeignKey("visits.id"), primary_key=True)
    arrived: datetime | None = moment(nullable=True)
    departed: datetime | None = moment(nullable=True)
    expected: datetime | None = moment(nullable=True)
    asked: datetime | None = moment(nullable=True)
    denied: datetime | None = moment(nullable=True)
    escalated: datetime | None = moment(nullable=True)
    reviewed: datetime | None = moment(nullable=True)

    __table_args__: Any = (
        Index("ix_check_ins_departed", "departed", postgresql_where=text("reviewed IS NULL")),
        Index("ix_check_ins_asked", "asked", postgresql_where=text("escalated IS NULL AND arrived IS NULL")),
    )


@mapped
class StandIn(Row):
    """A helper whom the recipient named beforehand to come when another cannot; `unasked`: without asking each time."""

    __tablename__ = "stand_ins"

    recipient_id: int = Column(BigInteger, ForeignKey("recipients.id"), primary_key=True)
    helper_id: int = Column(BigInteger, ForeignKey("helpers.id"), primary_key=True)
    unasked: bool = Column(Boolean, nullable=False, default=False, server_default=text("false"))
    since: datetime = moment()


@mapped
class Substitution(Row):
    """The search for somebody else for visits of one series whose helper is away.

    `offers` are those the recipient was given, `offer` the one whose helper was asked; `tried` are helpers who did not
    want to or could not. `next_at` is when the search goes on by itself.
    """

    __tablename__ = "substitutions"

    id: int = key()
    series_id: int = link("series", index=True)
    absent_id: int = link("helpers", index=True)
    status: str = Column(Text, nullable=False, default="looking", server_default="looking")
    offers: list[dict[str, Any]] = Column(JSONB, nullable=False, default=list, server_default=text("'[]'"))
    offer: dict[str, Any] | None = Column(JSONB, nullable=True)
    asked_id: int | None = link("helpers", nullable=True)
    tried: list[int] = Column(ARRAY(BigInteger), nullable=False, default=list, server_default=text("'{}'"))
    opened: datetime = moment()
    next_at: datetime | None = moment(nullable=True)
    closed: datetime | None = moment(nullable=True)

    series: Series = relationship(Series)

    __table_args__: Any = (
        one_of("status", SUBSTITUTION_STATUSES),
        Index("ix_substitutions_next_at", "next_at", postgresql_where=text(_open)),
        Index("ix_substitutions_asked_id", "asked_id", postgresql_where=text(_open)),
    )


@mapped
class SubstitutedVisit(Row):
    """A visit that a substitution is about, and the visit that took its place, when one did."""

    __tablename__ = "substituted_visits"

    substitution_id: int = Column(BigInteger, ForeignKey("substitutions.id"), primary_key=True)
    visit_id: int = Column(BigInteger, ForeignKey("visits.id"), primary_key=True)
    new_visit_id: int | None = link("visits", nullable=True, index=True)

    __table_args__: Any = (Index("ix_substituted_visits_visit_id", "visit_id"),)


@mapped
class Mark(Row):
    """How far a daily round (reminders, approvals) has come: `reached` is the last local date it was done for."""

    __tablename__ = "marks"

    name: str = Column(Text, primary_key=True)
    reached: date = Column(Date, nullable=False)
