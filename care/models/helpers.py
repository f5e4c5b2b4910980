"""Who comes: helpers, what they may and can do, and when they can."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    FetchedValue,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    Time,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import relationship

from care.models.base import Row, key, link, mapped, moment, one_of
from care.models.people import Contact

SQUEEZE = 0.62
"""A degree of longitude in the Netherlands is this much of one of latitude: the scale on which near is reckoned."""
HELPER_KINDS = ("volunteer", "freelancer", "organisation")


@mapped
class Organisation(Row):
    """A care organisation; `coordinator_id` is the contact who answers for it. `phone` is E.164."""

    __tablename__ = "organisations"

    id: int = key()
    name: str = Column(Text, nullable=False, unique=True)
    phone: str | None = Column(Text, nullable=True)
    coordinator_id: int | None = link("contacts", nullable=True)


@mapped
class Helper(Row):
    """Who comes. The name and phone are the contact's.

    `latitude`, `longitude` (WGS 84) are where they set out from, `max_distance_m` how far they go (metres, as the crow
    flies). `hourly_cents` is null for volunteers, who come for free. `languages` are ISO 639-1 codes. `checks_in`: the
    helper was told to say so on arrival, so that silence means something.
    """

    __tablename__ = "helpers"

    id: int = key()
    contact_id: int = Column(BigInteger, ForeignKey("contacts.id"), nullable=False, unique=True)
    kind: str = Column(Text, nullable=False)
    organisation_id: int | None = link("organisations", nullable=True, index=True)
    gender: str | None = Column(Text, nullable=True)
    languages: list[str] = Column(ARRAY(Text), nullable=False, default=list, server_default=text("'{}'"))
    latitude: float = Column(Float, nullable=False)
    longitude: float = Column(Float, nullable=False)
    max_distance_m: int = Column(Integer, nullable=False)
    hourly_cents: int | None = Column(Integer, nullable=True)
    currency: str | None = Column(Text, nullable=True)
    active: bool = Column(Boolean, nullable=False, default=True, server_default=text("true"))
    intro: str | None = Column(Text, nullable=True)
    checks_in: bool = Column(Boolean, nullable=False, default=False, server_default=text("false"))

    contact: Contact = relationship(Contact, lazy="joined", innerjoin=True)

    __table_args__: Any = (
        one_of("kind", HELPER_KINDS),
        one_of("gender", ("female", "male")),
        CheckConstraint("(kind = 'organisation') = (organisation_id IS NOT NULL)", name="organisation"),
        CheckConstraint("(hourly_cents IS NULL) = (currency IS NULL)", name="price"),
        CheckConstraint("(kind = 'volunteer') = (hourly_cents IS NULL)", name="volunteer_is_free"),
        Index(
            "ix_helpers_place",
            func.point(longitude * SQUEEZE, latitude),
            postgresql_using="gist",
            postgresql_where=text("active"),
        ),
    )


@mapped
class HelperService(Row):
    """A service (key of the catalogue) a helper offers.

    The database keeps the helper's kind and place with it, also when those change: the nearest of a kind who offer a
    service are found by one index.
    """

    __tablename__ = "helper_services"

    helper_id: int = Column(BigInteger, ForeignKey("helpers.id"), primary_key=True)
    service: str = Column(Text, primary_key=True)
    kind: str = Column(Text, FetchedValue(), nullable=False)
    latitude: float = Column(Float, FetchedValue(), nullable=False)
    longitude: float = Column(Float, FetchedValue(), nullable=False)
    max_distance_m: int = Column(Integer, FetchedValue(), nullable=False)
    active: bool = Column(Boolean, FetchedValue(), nullable=False)

    __table_args__: Any = (
        Index("ix_helper_services_service", "service", "helper_id"),
        # textrange stands in for "kind and service WITH =", which would need the extension btree_gist.
        Index(
            "ix_helper_services_place",
            func.textrange(kind + " " + service, kind + " " + service, text("'[]'")),
            func.point(longitude * SQUEEZE, latitude),
            postgresql_using="gist",
            postgresql_where=text("active"),
        ),
    )


@mapped
class Proof(Row):
    """A checked proof: VOG, diploma, BIG …; valid from `valid_from` to `expires`, both included (null: for good)."""

    __tablename__ = "proofs"

    id: int = key()
    helper_id: int = link("helpers")
    kind: str = Column(Text, nullable=False)
    number: str | None = Column(Text, nullable=True)
    valid_from: date = Column(Date, nullable=False)
    expires: date | None = Column(Date, nullable=True)

    __table_args__: Any = (UniqueConstraint("helper_id", "kind", "valid_from"),)


@mapped
class Availability(Row):
    """A weekly span in which a helper can come.

    `weekday` 0 is Monday; times are local; an end not after the start is the next day's.
    """

    __tablename__ = "availability"

    id: int = key()
    helper_id: int = link("helpers")
    weekday: int = Column(SmallInteger, nullable=False)
    start: time = Column(Time, nullable=False)
    end: time = Column("until", Time, nullable=False)

    __table_args__: Any = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        UniqueConstraint("helper_id", "weekday", "start"),
    )


@mapped
class Absence(Row):
    """A helper is away from `starts` until before `ends`. Why is not kept: it may be about health."""

    __tablename__ = "absences"

    id: int = key()
    helper_id: int = link("helpers")
    starts: datetime = moment()
    ends: datetime = moment()

    __table_args__: Any = (
        CheckConstraint("starts < ends", name="span"),
        UniqueConstraint("helper_id", "starts"),
    )
