"""An invented country, loaded in bulk: towns, helpers with hours and proofs, recipients, and a year of visits.

Everything follows from the seed. Helpers and people live in towns of very different sizes; a third of the helpers make
all visits, on the weekdays of their series, at clock times that never overlap. Visits lie in the table as they would
have come: week by week, so that those of one helper are far apart.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import accumulate
from typing import Any

from care.catalogue import Catalogue, Service
from care.clock import TZ
from care.plans import HORIZON, WEEKDAY_CODES

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
PAST = timedelta(weeks=40)
TOWNS = 400
SOUTH_WEST, NORTH_EAST = (50.9, 4.2), (53.3, 6.9)
WEEKS = (PAST + HORIZON) // timedelta(weeks=1)
_KINDS = ("volunteer", "freelancer", "organisation")
_HOURS = {
    "volunteer": (("09:00", "12:30"), ("09:00", "17:00"), ("13:00", "21:00")),
    "freelancer": (("07:00", "23:00"), ("08:00", "18:00"), ("07:00", "15:00")),
    "organisation": (("07:00", "15:00"), ("15:00", "23:00"), ("07:00", "23:00")),
}
_SLOTS = ("08:00", "09:00", "10:00", "11:00", "13:00", "14:00", "15:00", "19:00", "20:00")
_VISIT_MINUTES = 50
_LANGUAGES = ("tr", "ar", "pl", "fr")
_CHUNK = 20_000

Row = tuple[Any, ...]


@dataclass
class Country:
    """What was made: how many of everything, and the ids of the recipients."""

    helpers: int
    visits: int
    seed: int = 7
    recipients: int = 0
    series: int = 0
    random: random.Random = field(init=False)
    towns: list[tuple[float, float, float]] = field(init=False)
    _weights: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Lay out the towns: middle and width (degrees of latitude)."""
        self.random = random.Random(self.seed)  # noqa: S311 - invented data, no secret
        low, high = SOUTH_WEST, NORTH_EAST
        spots = [(self.random.uniform(low[0], high[0]), self.random.uniform(low[1], high[1])) for _ in range(TOWNS)]
        self.towns = [(*spot, 0.05 / (1 + place) ** 0.25) for place, spot in enumerate(spots)]
        self._weights = list(accumulate(1 / (1 + place) ** 0.7 for place in range(TOWNS)))

    def house(self, town: int | None = None) -> tuple[float, float, int]:
        """Somewhere in a town (a large one more likely): latitude, longitude and the town."""
        if town is None:
            town = self.random.choices(range(TOWNS), cum_weights=self._weights)[0]
        latitude, longitude, width = self.towns[town]
        return self.random.gauss(latitude, width), self.random.gauss(longitude, width * 1.6), town


def load(connection: Any, country: Country) -> None:
    """Fill an empty database (a psycopg2 connection, in autocommit) with the country."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET statement_timeout = 0")
        _people(cursor, country)
        _agreements(cursor, country)
        put_back = _strip(cursor)
        _visits(cursor, country)
        for statement in put_back:
            cursor.execute(statement)
        cursor.execute("VACUUM (ANALYZE)")
        # Else what loading left to write is written while we measure.
        cursor.execute("CHECKPOINT")


def _copy(cursor: Any, table: str, columns: str, rows: Iterable[Row]) -> None:
    """Load rows with COPY, a chunk at a time."""
    lines: list[str] = []

    def send() -> None:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", StringIO("".join(lines)))
        lines.clear()

    for row in rows:
        lines.append("\t".join("\\N" if value is None else str(value) for value in row) + "\n")
        if len(lines) == _CHUNK:
            send()
    send()


def _people(cursor: Any, country: Country) -> None:
    """Helpers, and as many recipients as their visits need."""
    rng = country.random
    country.series = max(1, round(country.visits / (WEEKS * 3)))
    country.recipients = max(100, country.series * 2 // 3)
    since = NOW.isoformat()
    homes = [country.house() for _ in range(country.helpers)]
    total = country.helpers + country.recipients
    _copy(
        cursor,
        "contacts",
        "id, phone, name, language, roles, created",
        ((number, None, f"Helper {number}", "nl", "{helper}", since) for number in range(1, total + 1)),
    )
    cursor.execute("INSERT INTO organisations (name) SELECT 'Zorg ' || n FROM generate_series(1, 200) n")
    profiles = [_Profile.drawn(rng) for _ in range(country.helpers)]
    _copy(
        cursor,
        "helpers",
        "id, contact_id, kind, organisation_id, gender, languages, latitude, longitude, max_distance_m, hourly_cents,"
        " currency, active",
        (
            (
                *(number, number, *one.columns(rng), home[0], home[1]),
                *(rng.choice((2000, 5000, 10_000, 15_000)), *one.price, rng.random() < 0.95),
            )
            for number, (one, home) in enumerate(zip(profiles, homes, strict=True), start=1)
        ),
    )
    numbered = list(enumerate(profiles, start=1))
    _copy(cursor, "helper_services", "helper_id, service", ((n, key) for n, one in numbered for key in one.services))
    _copy(cursor, "proofs", "helper_id, kind, valid_from, expires", _each(numbered, lambda one: one.proofs(rng)))
    _copy(cursor, "availability", "helper_id, weekday, start, until", _each(numbered, lambda one: one.hours(rng)))
    _copy(cursor, "absences", "helper_id, starts, ends", _each(numbered, lambda one: one.absences(rng)))
    _recipients(cursor, country, [home[2] for home in homes])


def _each(numbered: Iterable[tuple[int, _Profile]], rows: Any) -> Iterator[Row]:
    return ((number, *row) for number, one in numbered for row in rows(one))


def _recipients(cursor: Any, country: Country, towns: list[int]) -> None:
    """Recipient r lives in the town of helper r (counted round): where helpers are, people are."""
    first = country.helpers
    numbers = range(1, country.recipients + 1)
    houses = ((n, *country.house(towns[n % len(towns)])[:2]) for n in numbers)
    _copy(
        cursor,
        "addresses",
        "id, street, number, postcode, town, latitude, longitude",
        ((n, "Lindelaan", n, "1234 AB", "Merelwoude", latitude, longitude) for n, latitude, longitude in houses),
    )
    _copy(
        cursor,
        "recipients",
        "id, contact_id, name, address_id, created",
        ((n, first + n, f"Recipient {n}", n, NOW.isoformat()) for n in numbers),
    )
    for table in ("contacts", "helpers", "addresses", "recipients"):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - names of ours


@dataclass(frozen=True)
class _Profile:
    """What a helper is and does."""

    kind: str
    services: tuple[str, ...]
    held: frozenset[str]
    price: tuple[int | None, str | None]

    @classmethod
    def drawn(cls, rng: random.Random) -> _Profile:
        kind = rng.choices(_KINDS, (4, 3, 3))[0]
        level = 0 if kind == "volunteer" else rng.choices((0, 2, 3, 4), (3, 3, 2, 1))[0]
        does = [one for one in Catalogue.load().done_by(kind) if not one.variants and one.level <= level]
        some = rng.sample(does, min(len(does), rng.randint(3, 12)))
        held = {proof for one in some for proof in one.proofs[kind]} | ({"kvk"} if kind == "freelancer" else set())
        price = (None, None) if kind == "volunteer" else (rng.randrange(1800, 6000, 50), "EUR")
        return cls(kind, tuple(one.key for one in some), frozenset(held), price)

    def columns(self, rng: random.Random) -> Row:
        """Kind, organisation, gender and languages."""
        organisation = rng.randint(1, 200) if self.kind == "organisation" else None
        more = f",{rng.choice(_LANGUAGES)}" if rng.random() < 0.1 else ""
        return self.kind, organisation, rng.choices(("female", "male"), (7, 3))[0], f"{{nl{more}}}"

    def proofs(self, rng: random.Random) -> Iterator[Row]:
        """Kind, since, until: one in twenty runs out within the twelve weeks, as many are over."""
        for kind in sorted(self.held):
            chance = rng.random()
            until = date(2029, 1, 1) if chance < 0.9 else date(2027, 1, 10) if chance < 0.95 else date(2026, 10, 1)
            yield kind, date(2024, 1, 1), until

    def hours(self, rng: random.Random) -> Iterator[Row]:
        """Weekday, start, end: half of the helpers come every day."""
        start, end = rng.choice(_HOURS[self.kind])
        for weekday in range(7) if rng.random() < 0.5 else sorted(rng.sample(range(7), rng.randint(1, 5))):
            yield weekday, start, end

    def absences(self, rng: random.Random) -> Iterator[Row]:
        """One in six is away for some days in the twelve weeks."""
        if rng.random() < 1 / 6:
            starts = NOW + timedelta(days=rng.randint(0, 80))
            yield starts.isoformat(), (starts + timedelta(days=rng.choice((1, 3, 7, 14)))).isoformat()


def _agreements(cursor: Any, country: Country) -> None:
    """Series: a third of the helpers share them, at clock times of their own, three days a week in the middle."""
    rng = country.random
    working = max(1, country.helpers // 3, -(-country.series // len(_SLOTS)))
    first = (NOW - PAST).date()

    def rows() -> Iterator[Row]:
        for number in range(1, country.series + 1):
            helper = (number - 1) % working * max(1, country.helpers // working) + 1
            clock = _SLOTS[(number - 1) // working % len(_SLOTS)]
            days = sorted(rng.sample(range(7), rng.choice((1, 2, 3, 3, 4, 5))))
            rule = "FREQ=WEEKLY;BYDAY=" + ",".join(WEEKDAY_CODES[day] for day in days)
            plan = {"rrule": rule, "dtstart": first.isoformat(), "begins": f"{first}T00:00:00+01:00", "exdates": []}
            plan |= {"minutes": _VISIT_MINUTES, "times": [clock], "other_times": {}, "missing": []}
            recipient = (helper - 1) % country.recipients + 1
            horizon = NOW.date() + HORIZON
            yield number, recipient, helper, "companionship", "{}", json.dumps(plan), f"g{number}", horizon, recipient

    columns = "id, recipient_id, helper_id, service, need, plan, request_key, horizon, created_by_id"
    columns += ", contract, created, accepted"
    _copy(cursor, "series", columns, ((*row, "volunteer", *[NOW.isoformat()] * 2) for row in rows()))
    cursor.execute("SELECT setval(pg_get_serial_sequence('series', 'id'), (SELECT max(id) FROM series))")


_A_WEEK = """
INSERT INTO visits (series_id, recipient_id, helper_id, service, starts, ends, status, changed, key)
SELECT id, recipient_id, helper_id, service, starts, starts + %(minutes)s * interval '1 minute',
    CASE WHEN starts < %(now)s THEN 'approved' ELSE 'planned' END, %(now)s, id || ':' || day::date || 'T' || clock
FROM (
    SELECT s.*, day, s.plan -> 'times' ->> 0 AS clock,
        (day::date + (s.plan -> 'times' ->> 0)::time) AT TIME ZONE 'Europe/Amsterdam' AS starts
    FROM series s
    CROSS JOIN generate_series(%(monday)s::timestamp, %(monday)s::timestamp + interval '6 days', '1 day') day
    WHERE (ARRAY['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])[extract(isodow FROM day)::int]
        = ANY (string_to_array(split_part(s.plan ->> 'rrule', 'BYDAY=', 2), ','))
) due
"""


def _visits(cursor: Any, country: Country) -> None:
    """The visits of every series, a week after the other."""
    monday = NOW.date() - PAST - timedelta(days=NOW.weekday())
    for week in range(WEEKS):
        values = {"monday": monday + timedelta(weeks=week), "now": NOW, "minutes": _VISIT_MINUTES}
        cursor.execute(_A_WEEK, values)


def _strip(cursor: Any) -> list[str]:
    """Take off what makes loading visits slow; the statements that put it back."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'visits'::regclass AND contype IN ('x', 'u', 'f')"
    )
    constraints = cursor.fetchall()
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'visits' AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint WHERE conrelid = 'visits'::regclass)"
    )
    indexes = cursor.fetchall()
    for name, _ in constraints:
        cursor.execute(f'ALTER TABLE visits DROP CONSTRAINT "{name}" CASCADE')
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    back = [definition for _, definition in indexes]
    return back + [f'ALTER TABLE visits ADD CONSTRAINT "{name}" {definition}' for name, definition in constraints]


def service(key: str) -> Service:
    """The catalogue's entry."""
    return Catalogue.load().service(key)
