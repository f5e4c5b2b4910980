"""What is being arranged and what is agreed: drafts, series, visits."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import relationship

from care.models.base import Row, key, link, mapped, moment, one_of
from care.models.helpers import Helper
from care.models.people import Recipient

VISIT_STATUSES = (
    "requested",
    "offered",
    "planned",
    "started",
    "done",
    "approved",
    "disputed",
    "skipped",
    "moved",
    "cancelled",
    "missed",
    "declined",
)
OCCUPYING = ("offered", "planned", "started", "done", "approved", "disputed")
"""The statuses in which a visit takes the helper's time: of these no two may overlap."""
SERIES_STATUSES = ("offered", "active", "paused", "declined", "ended", "cancelled")
CONTRACTS = ("volunteer", "home_service", "assignment", "organisation")
UNITS = ("hour", "visit")

_occupies = "status IN ({})".format(", ".join(f"'{status}'" for status in OCCUPYING))


@mapped
class Draft(Row):
    """A request while it is being completed. `needs` is a list of needs as in the reading."""

    __tablename__ = "drafts"

    id: int = key()
    contact_id: int = link("contacts")
    recipient_id: int | None = link("recipients", nullable=True)
    conversation_id: int | None = link("conversations", nullable=True, index=True)
    status: str = Column(Text, nullable=False, default="open", server_default="open")
    needs: list[dict[str, Any]] = Column(JSONB, nullable=False, default=list, server_default=text("'[]'"))
    created: datetime = moment()
    updated: datetime = moment()

    __table_args__: Any = (
        one_of("status", ("open", "booked", "dropped")),
        Index("ix_drafts_contact_id_status", "contact_id", "status"),
    )


@mapped
class Series(Row):
    """The recurring agreement between a recipient and a helper (also of one visit).

    `need` is the need agreed on; `plan` says at which local times, on which weekdays and for how long
    (`care.booking.Plan`). `horizon` is the first local date for which no visits were made yet; `ended` the first local
    date on which the series no longer runs (null: until its rule ends). The price is in cents of `currency` a `unit`;
    null is free. `accepted` is when the helper agreed to come; null while they have not, or when they declined.
    """

    __tablename__ = "series"

    id: int = key()
    recipient_id: int = link("recipients", index=True)
    helper_id: int = link("helpers", index=True)
    service: str = Column(Text, nullable=False)
    need: dict[str, Any] = Column(JSONB, nullable=False)
    plan: dict[str, Any] = Column(JSONB, nullable=False)
    price_cents: int | None = Column(Integer, nullable=True)
    currency: str | None = Column(Text, nullable=True)
    unit: str = Column(Text, nullable=False, default="hour", server_default="hour")
    contract: str = Column(Text, nullable=False)
    status: str = Column(Text, nullable=False, default="active", server_default="active")
    request_key: str = Column(Text, nullable=False, unique=True)
    horizon: date = Column(Date, nullable=False)
    ended: date | None = Column(Date, nullable=True)
    accepted: datetime | None = moment(nullable=True)
    created: datetime = moment()
    created_by_id: int = link("contacts")

    recipient: Recipient = relationship(Recipient)
    helper: Helper = relationship(Helper)

    __table_args__: Any = (
        one_of("unit", UNITS),
        one_of("contract", CONTRACTS),
        one_of("status", SERIES_STATUSES),
        CheckConstraint("(price_cents IS NULL) = (currency IS NULL)", name="price"),
        Index("ix_series_horizon", "horizon", postgresql_where=text("status = 'active'")),
        Index("ix_series_unsettled", "created", postgresql_where=text("status IN ('offered', 'declined')")),
    )


@mapped
class Visit(Row):
    """One occurrence of a series, from `starts` until before `ends`.

    `key` is the occurrence's name, so that it is made only once; `changed_by_id` is null when the system itself changed
    it.
    """

    __tablename__ = "visits"

    id: int = key()
    series_id: int = link("series")
    recipient_id: int = link("recipients")
    helper_id: int = link("helpers")
    service: str = Column(Text, nullable=False)
    starts: datetime = moment()
    ends: datetime = moment()
    status: str = Column(Text, nullable=False, default="planned", server_default="planned")
    changed_by_id: int | None = link("contacts", nullable=True)
    changed: datetime = moment()
    why: str | None = Column(Text, nullable=True)
    key: str = Column(Text, nullable=False, unique=True)

    series: Series = relationship(Series)

    __table_args__: Any = (
        one_of("status", VISIT_STATUSES),
        CheckConstraint("starts < ends", name="span"),
        # int8range stands in for "helper_id WITH =", which would need the extension btree_gist.
        ExcludeConstraint(
            (func.int8range(helper_id, helper_id, text("'[]'")), "&&"),
            (func.tstzrange(starts, ends), "&&"),
            using="gist",
            where=text(_occupies),
            name="visits_of_a_helper_never_overlap",
        ),
        # With what offers ask of them: the visits of one person lie far apart in the table.
        Index(
            "ix_visits_recipient_id_starts",
            "recipient_id",
            "starts",
            postgresql_include=["ends", "status", "helper_id"],
        ),
        Index("ix_visits_helper_id_starts", "helper_id", "starts", postgresql_include=["ends", "status"]),
        Index("ix_visits_series_id_starts", "series_id", "starts"),
        # For the rounds that the clock causes: they look at nothing that is over.
        Index("ix_visits_introduction", "starts", postgresql_where=text("why = 'introduction'")),
        Index("ix_visits_starts_open", "starts", postgresql_where=text("status IN ('planned', 'started')")),
        Index("ix_visits_starts_requested", "starts", postgresql_where=text("status = 'requested'")),
    )
