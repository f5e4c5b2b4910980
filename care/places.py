"""Addresses: reading them as people say them, and finding them in the gazetteer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from rapidfuzz import fuzz, process, utils
from sqlalchemy import func, select

from care.models import Address, Place, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FILE = Path(__file__).with_suffix(".yml")
LONGEST = 300
"""An address is looked for in the first so many characters."""
_ALIKE = 82
"""From this likeness (of 100) a street or town is taken to be the one meant, typing errors and all."""
_CLEARLY = 10
"""How much more alike it must be than the next."""


@dataclass(frozen=True)
class _Words:
    lead_in: re.Pattern[str]
    postcode: re.Pattern[str]
    number: re.Pattern[str]
    number_word: re.Pattern[str]
    town: re.Pattern[str]
    tail: re.Pattern[str]


@cache
def _words() -> _Words:
    words: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    any_of = {name: _any_of(listed) for name, listed in words.items()}
    flags = re.IGNORECASE
    return _Words(
        lead_in=re.compile(rf"^[\s,.:-]*(?:(?:{any_of['lead_ins']})\b[\s,.:]*)+", flags),
        postcode=re.compile(rf"\b([1-9]\d{{3}})(?:\s?(?!(?:{any_of['not_letters']})\b)([a-z]{{2}}))\b", flags),
        # Not "2e" of "2e Kerkstraat": an ordinal belongs to the street.
        number=re.compile(
            rf"(?:\b(?:{any_of['number_words']})\.?\s*)?\b(?!\d+(?:e|ste|de|st|nd|rd|th)\b\s+[a-z])(\d{{1,5}})"
            rf"(?:\s?-?\s?((?:{any_of['additions']})\b|[a-z]\b(?!['’])|(?<=-)\d{{1,4}}\b))?",
            flags,
        ),
        number_word=re.compile(rf"\b(?:{any_of['number_words']})\b\.?", flags),
        town=re.compile(rf"(?:^|[\s,])(?:{any_of['town_words']})\s+(.+)$", flags),
        tail=re.compile(rf"[\s,.!]+(?:{any_of['tails']})[\s,.!]*$", flags),
    )


def _any_of(words: list[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def read_address(text: str) -> dict[str, str | None]:
    """What a text says of an address: "Kerkstraat 12a, 1234 AB Dorp", "1234ab 12", "number 12 Church Street".

    The keys are `street`, `number`, `postcode` ("1234 AB") and `town`, None where nothing was said, as `find_address`
    takes them. A text that is no address may still seem to give a street: only the gazetteer tells.
    """
    words = _words()
    rest = words.tail.sub("", " ".join(text[:LONGEST].split()))
    postcode = town = number = None
    found = words.postcode.search(rest)
    if found:
        postcode = f"{found[1]} {found[2].upper()}"
        # What follows a postcode, up to a number or a comma, is the town: "1234 AB Dorp".
        after = re.match(r"\s*,?\s*([^\d,]+)?", rest[found.end() :])
        town = _tidy(words.number_word.sub("", after[1] or "") if after else None)
        rest = (
            rest[: found.start()].rstrip(" ,") + ", " + rest[found.end() + (after.end() if after else 0) :].lstrip(" ,")
        )
    numbers = list(words.number.finditer(rest))
    if not numbers:
        before, after_number = rest, ""
    else:
        # A street may hold a year ("Plein 1944"); the house number is what comes last, or what comes first of all.
        last = numbers[-1]
        number = last[1] + _addition(last[0], last[2])
        before, after_number = rest[: last.start()], rest[last.end() :]
    street, said_town = _street_and_town(before, after_number)
    return {"street": street, "number": number, "postcode": postcode, "town": _without_words(town) or said_town}


def _addition(whole: str, addition: str | None) -> str:
    if addition is None:
        return ""
    return f"-{addition}" if addition.isdigit() else addition.lower()


def _street_and_town(before: str, after: str) -> tuple[str | None, str | None]:
    """The street and town in what stands before and after the house number."""
    words = _words()
    street = _tidy(words.lead_in.sub("", before))
    if street is not None:
        split = street.split(",", 1)
        street = _tidy(split[0])
        rest = (split[1] if len(split) > 1 else "") + " " + after
        return street, _without_words(_tidy(rest))
    # English order: "12 Church Street, Dorp".
    parts = [part for part in after.split(",") if part.strip()]
    if not parts:
        return None, None
    first, town = parts[0], parts[1] if len(parts) > 1 else None
    said = words.town.search(first)
    if said and town is None:
        first, town = first[: said.start()], said[1]
    return _tidy(words.lead_in.sub("", first)), _without_words(_tidy(town))


def _without_words(town: str | None) -> str | None:
    """The town without the word before it: "in Dorp"."""
    if town is None:
        return None
    said = _words().town.search(town)
    return _tidy(said[1] if said else town)


def _tidy(text: str | None) -> str | None:
    text = (text or "").strip(" ,.;:!?-")
    return text if re.search(r"[^\W\d_]", text) else None


def find_address(
    session: Session,
    *,
    street: str | None = None,
    number: str | None = None,
    postcode: str | None = None,
    town: str | None = None,
) -> Address | None:
    """The address in the gazetteer, as a row not saved yet; None when it is not known or could be several.

    A house number is needed, with a postcode (enough in the Netherlands) or a street. Typing errors in street and town
    are forgiven. The coordinates are those of the stretch of the street.
    """
    leading = re.match(r"\s*(\d{1,5})", number or "")
    if leading is None or number is None:
        return None
    house = int(leading[1])
    query = select(Place).where(Place.number_from <= house, Place.number_to >= house)
    places = session.scalars(query.where(Place.postcode == normal_postcode(postcode))).all() if postcode else []
    if not places and street:
        # Some say the town first: "Dorp, Kerkstraat 12".
        places = _in_street(session, query, street, town) or (_in_street(session, query, town, street) if town else [])
    if len({(place.street, place.town) for place in places}) != 1:
        return None
    place = places[0]
    return Address(
        street=place.street,
        number=" ".join(number.split()),
        postcode=place.postcode,
        town=place.town,
        latitude=place.latitude,
        longitude=place.longitude,
    )


def _in_street(session: Session, query: Any, street: str, town: str | None) -> list[Place]:
    """The stretches of the street most like the one said, that hold the number; in the town most like the one said."""
    in_town = _closest(town, _towns(session)) if town else None
    if town and in_town is None:
        return []
    if in_town is not None:
        query = query.where(func.lower(Place.town) == in_town.lower())
    exact: list[Place] = list(session.scalars(query.where(func.lower(Place.street) == street.lower())).all())
    if exact:
        return exact
    streets = select(Place.street).distinct()
    if in_town is not None:
        streets = streets.where(func.lower(Place.town) == in_town.lower())
    else:
        # Without a town only streets that begin alike are compared: a whole country has too many.
        streets = streets.where(func.lower(func.left(Place.street, 1)) == street[:1].lower())
    meant = _closest(street, list(session.scalars(streets)))
    if meant is None:
        return []
    return list(session.scalars(query.where(Place.street == meant)).all())


def _towns(session: Session) -> list[str]:
    return list(session.scalars(select(col(Place.town)).distinct()))


def _closest(said: str, names: list[str]) -> str | None:
    """The name most like what was said, or None when none is like it or two are about as much."""
    found = process.extract(said, names, scorer=fuzz.ratio, processor=utils.default_process, limit=2)
    if not found or found[0][1] < _ALIKE:
        return None
    if len(found) > 1 and found[0][1] < 100 and found[0][1] - found[1][1] < _CLEARLY:
        return None
    return str(found[0][0])


def normal_postcode(text: str) -> str:
    """A Dutch postcode as it is written, "1234 AB"; other text as it is, in capitals."""
    letters = "".join(text.split()).upper()
    return f"{letters[:4]} {letters[4:]}" if re.fullmatch(r"[1-9]\d{3}[A-Z]{2}", letters) else letters
