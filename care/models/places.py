"""Where people live: addresses, and the gazetteer they are recognised with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, Float, Index, Integer, Text, func

from care.models.base import Row, key, mapped


@mapped
class Address(Row):
    """A house with its coordinates (WGS 84). `number` may carry an addition ("12a"); `postcode` is "1234 AB"."""

    __tablename__ = "addresses"

    id: int = key()
    street: str = Column(Text, nullable=False)
    number: str = Column(Text, nullable=False)
    postcode: str = Column(Text, nullable=False)
    town: str = Column(Text, nullable=False)
    latitude: float = Column(Float, nullable=False)
    longitude: float = Column(Float, nullable=False)


@mapped
class Place(Row):
    """One stretch of a street in the gazetteer: a postcode with the house numbers it covers (both ends included).

    The coordinates are the middle of the stretch. `postcode` is "1234 AB".
    """

    __tablename__ = "places"

    id: int = key()
    postcode: str = Column(Text, nullable=False)
    street: str = Column(Text, nullable=False)
    town: str = Column(Text, nullable=False)
    number_from: int = Column(Integer, nullable=False)
    number_to: int = Column(Integer, nullable=False)
    latitude: float = Column(Float, nullable=False)
    longitude: float = Column(Float, nullable=False)

    __table_args__: Any = (
        CheckConstraint("number_from <= number_to", name="numbers"),
        Index("uq_places_stretch", "postcode", "street", "number_from", unique=True),
        Index("ix_places_town_street", func.lower(town), func.lower(street)),
    )
