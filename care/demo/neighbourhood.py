"""The invented neighbourhood as plain values, read from the files in `data/` and checked.

All of it is made up: the town, its streets and postcodes, and everybody who lives there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from care.catalogue import Catalogue

DATA = Path(__file__).with_name("data")
HELPER_FILES = ("volunteers", "freelancers", "organisation")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# The same safe loader in C where there is one.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_METRES_A_HOUSE = 4
_METRES_A_DEGREE_EAST = 67_800  # at 52.5 degrees north


class DemoError(ValueError):
    """The demo data is not right; the sentence says who or what is wrong."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of a street: one postcode, the house numbers from `first` to `last`, and its middle (WGS 84)."""

    street: str
    postcode: str
    first: int
    last: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class House:
    """An address in the neighbourhood, with coordinates (WGS 84)."""

    street: str
    number: str
    postcode: str
    town: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Span:
    """A weekly span; `weekday` 0 is Monday, times are local, an end not after the start is on the next day."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True)
class Helper:
    """A helper of the demo. `proofs` gives the last day each is valid (None: for good), all from `checked` on."""

    name: str
    phone: str
    kind: str
    gender: str
    languages: tuple[str, ...]
    house: House
    reach_m: int
    hourly_cents: int | None
    currency: str | None
    services: tuple[str, ...]
    spans: tuple[Span, ...]
    proofs: Mapping[str, date | None]
    checked: date
    intro: str | None = None


@dataclass(frozen=True)
class Family:
    """A relative with a mandate to `see` or `act`, from the start of day `since` until the start of day `until`."""

    name: str
    phone: str
    language: str
    what: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Recipient:
    """Someone who gets help, and their family."""

    name: str
    phone: str
    language: str
    gender: str
    birth_year: int
    house: House
    family: tuple[Family, ...]


@dataclass(frozen=True)
class Organisation:
    """The care organisation and its coordinator."""

    name: str
    phone: str
    coordinator_name: str
    coordinator_phone: str
    coordinator_language: str


@dataclass(frozen=True)
class Neighbourhood:
    """Everything of the demo."""

    town: str
    stretches: tuple[Stretch, ...]
    newcomer: House
    organisation: Organisation
    helpers: tuple[Helper, ...]
    recipients: tuple[Recipient, ...]


@cache
def neighbourhood() -> Neighbourhood:
    """The demo neighbourhood; raises DemoError when its files contradict each other or the catalogue."""
    places = _file("places")
    town: str = places["town"]
    stretches = tuple(_stretch(line) for line in places["stretches"])
    files = [_file(name) for name in HELPER_FILES]
    helpers = tuple(_helper(entry, file, town, stretches) for file in files for entry in file["helpers"])
    recipients = tuple(_recipient(entry, town, stretches) for entry in _file("recipients")["recipients"])
    organisation = _organisation(next(file["organisation"] for file in files if "organisation" in file))
    newcomer = house(places["newcomer"]["street"], str(places["newcomer"]["number"]), town, stretches)
    whole = Neighbourhood(town, stretches, newcomer, organisation, helpers, recipients)
    _check_phones(whole)
    return whole


def house(street: str, number: str, town: str, stretches: Sequence[Stretch]) -> House:
    """The house with this number ("12", "12a") in the street; raises DemoError when no stretch covers it."""
    digits = int("".join(sign for sign in number if sign.isdigit()))
    for stretch in stretches:
        if stretch.street == street and stretch.first <= digits <= stretch.last:
            east = (digits - (stretch.first + stretch.last) / 2) * _METRES_A_HOUSE / _METRES_A_DEGREE_EAST
            longitude = round(stretch.longitude + east, 6)
            return House(street, number, stretch.postcode, town, stretch.latitude, longitude)
    raise DemoError(f"there is no {street} {number} in {town}")


def _file(name: str) -> dict[str, Any]:
    text = (DATA / f"{name}.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, see there
    return content


def _stretch(line: Mapping[str, Any]) -> Stretch:
    (first, last), (latitude, longitude) = line["numbers"], line["at"]
    return Stretch(line["street"], line["postcode"], first, last, latitude, longitude)


def _organisation(entry: Mapping[str, Any]) -> Organisation:
    coordinator = entry["coordinator"]
    return Organisation(
        entry["name"], entry["phone"], coordinator["name"], coordinator["phone"], coordinator["language"]
    )


def _recipient(entry: Mapping[str, Any], town: str, stretches: Sequence[Stretch]) -> Recipient:
    family = tuple(
        Family(one["name"], one["phone"], one["language"], one["what"], one["since"], one.get("until"))
        for one in entry["family"]
    )
    address = entry["address"]
    return Recipient(
        name=entry["name"],
        phone=entry["phone"],
        language=entry["language"],
        gender=entry["gender"],
        birth_year=entry["birth_year"],
        house=house(address["street"], address["number"], town, stretches),
        family=family,
    )


def _helper(entry: Mapping[str, Any], file: Mapping[str, Any], town: str, stretches: Sequence[Stretch]) -> Helper:
    name, kind = entry["name"], file["kind"]
    street, number = entry["lives"]
    week, proofs = entry["week"], entry["proofs"]
    return Helper(
        name=name,
        phone=entry["phone"],
        kind=kind,
        gender=entry["gender"],
        languages=tuple(entry["languages"]),
        house=house(street, str(number), town, stretches),
        reach_m=entry["reach_m"],
        hourly_cents=entry.get("hourly_cents"),
        currency=file.get("currency"),
        services=_services(name, kind, entry["services"], file["services"]),
        spans=_spans(name, file["weeks"][week] if isinstance(week, str) else week),
        proofs=dict(file["proofs"][proofs] if isinstance(proofs, str) else proofs),
        checked=file["checked"],
        intro=entry.get("intro"),
    )


def _services(name: str, kind: str, listed: Sequence[str], groups: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The services with the groups written out, in the order of the catalogue.

    Who does every variant of a family does the family: then it may be booked before the variant is known.
    """
    catalogue = Catalogue.load()
    wanted = {service for item in listed for service in groups.get(item, (item,))}
    if unknown := wanted - catalogue.services.keys():
        raise DemoError(f"{name} offers what the catalogue has not: {', '.join(sorted(unknown))}")
    wanted |= {
        service.key for service in catalogue.services.values() if service.variants and wanted >= {*service.variants}
    }
    if barred := [key for key in sorted(wanted) if kind not in catalogue.service(key).kinds]:
        raise DemoError(f"{name} is a {kind} and may not do {', '.join(barred)}")
    return tuple(key for key in catalogue.services if key in wanted)


def _spans(name: str, week: Mapping[str, Sequence[str]]) -> tuple[Span, ...]:
    """The spans of a week written as {"mon-fri": ["07:00-12:00", …], "sat": […]}."""
    spans = []
    for days, hours in week.items():
        first, _, last = days.partition("-")
        for weekday in range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1):
            for text in hours:
                start, _, end = text.partition("-")
                spans.append(Span(weekday, time.fromisoformat(start), time.fromisoformat(end)))
    if len({(span.weekday, span.start) for span in spans}) != len(spans):
        raise DemoError(f"the week of {name} names a span twice")
    return tuple(sorted(spans, key=lambda span: (span.weekday, span.start)))


def _check_phones(whole: Neighbourhood) -> None:
    phones = [whole.organisation.phone, whole.organisation.coordinator_phone]
    phones += [helper.phone for helper in whole.helpers]
    for recipient in whole.recipients:
        phones += [recipient.phone, *(one.phone for one in recipient.family)]
    if len(set(phones)) != len(phones):
        raise DemoError("two people of the demo have the same phone")
