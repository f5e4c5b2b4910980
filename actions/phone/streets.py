"""An address from keys: a postcode whose letters were pressed on the letters of the phone, and a house number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from care.models import Place, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# The letters on the keys of every phone (ITU-T E.161).
KEYS = {"2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ"}


def find(session: Session, postcode_keys: str, house: int) -> list[str]:
    """The addresses ("Kerkstraat 12, 1234 AB") that six keys and a house number can mean, in order of the alphabet."""
    letters = [KEYS[key] for key in postcode_keys[4:]]
    codes = [f"{postcode_keys[:4]} {first}{second}" for first in letters[0] for second in letters[1]]
    query = select(Place).where(col(Place.postcode).in_(codes), Place.number_from <= house, Place.number_to >= house)
    found = session.scalars(query.order_by(Place.street, Place.postcode)).all()
    return [f"{place.street} {house}, {place.postcode}" for place in found]
