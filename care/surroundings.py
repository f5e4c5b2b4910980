"""What the database knows of the helpers around a house, read in few and light queries.

Moments are whole seconds since 1970 (UTC), minutes of the week count from Monday 00:00 local time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger, Text

from care.models import OCCUPYING
from care.models.helpers import SQUEEZE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.models import Address
    from care.needs import Preferences

METRES_A_DEGREE = 111_320
CLOSE_BY_M = 4_000
"""Where many helpers live, enough are found so close by."""
ENOUGH = 15
"""So many of a kind close by, and nobody of it is looked for further away."""
KNOWN_FOR = timedelta(days=365)
"""So long after their last visit a helper is still a known face."""
LOAD = timedelta(weeks=4)
"""How busy a helper is is reckoned over so much time."""

Span = tuple[datetime, datetime]
Seconds = tuple[int, int]


class Neighbour(NamedTuple):
    """A helper who may come to a house: what the order of proposing needs to know, and what was wished."""

    id: int
    kind: str
    latitude: float
    longitude: float
    max_distance_m: int
    hourly_cents: int | None
    currency: str | None
    gender: str | None
    languages: list[str]
    contact_id: int
    services: list[str]


class Person(NamedTuple):
    """Who a helper is, and their weekly hours in minutes of the week."""

    name: str
    organisation: str | None
    hours: tuple[Seconds, ...]


_COLUMNS = (
    "h.id, h.kind, h.latitude, h.longitude, h.max_distance_m, h.hourly_cents, h.currency, h.gender, h.languages,"
    " h.contact_id"
)
_IDS = bindparam("ids", type_=ARRAY(BigInteger))
_STATUSES = bindparam("occupying", list(OCCUPYING), type_=ARRAY(Text))

# The flat scale of the indexes is right to a twentieth in the Netherlands; exact distances are measured afterwards.
# Only spelt as in the indexes are these terms found in them.
_PLACE = f"point(h.longitude * {SQUEEZE}, h.latitude)"
_WORKPLACE = f"point(s.longitude * {SQUEEZE}, s.latitude)"
_TRADE = "s.kind || ' ' || s.service"
_HOUSE = "point(:x, :y)"
_AROUND = "box(point(:x - :reach, :y - :reach), point(:x + :reach, :y + :reach))"
_CLOSE_BY = _AROUND.replace(":reach", ":close_by")
_NEAREST = text(
    f"""
    SELECT near.*
    FROM unnest(:kinds) wanted (kind)
    CROSS JOIN LATERAL (
        SELECT {_COLUMNS}, ARRAY[s.service] AS services, {_WORKPLACE} <@ {_CLOSE_BY} AS close_by
        FROM helper_services s
        JOIN helpers h ON h.id = s.helper_id
        WHERE s.active
            AND textrange({_TRADE}, {_TRADE}, '[]') @> (wanted.kind || ' ' || :service)
            AND {_WORKPLACE} <@ {_AROUND}
            AND ({_WORKPLACE} <-> {_HOUSE}) * {METRES_A_DEGREE} <= s.max_distance_m * CAST(1.05 AS float)
            AND h.id <> ALL (:exclude)
            AND (CAST(:gender AS text) IS NULL OR h.gender = :gender)
            AND (CAST(:language AS text) IS NULL OR :language = ANY (h.languages))
        ORDER BY {_WORKPLACE} <-> {_HOUSE}
        LIMIT :most
    ) near
    """  # noqa: S608 - figures and names of ours
).bindparams(bindparam("kinds", type_=ARRAY(Text)), bindparam("exclude", type_=ARRAY(BigInteger)))


def nearest(
    session: Session,
    home: Address,
    service: str,
    wanted: Preferences,
    *,
    kinds: Sequence[str],
    furthest_m: int,
    most: int,
    exclude: Collection[int] = (),
) -> list[Neighbour]:
    """Of each kind the nearest helpers (`most`) who offer the service, come that far and are as wished.

    Where a kind has enough close by, nobody of it who lives further away is among them.
    """
    values = {
        "gender": wanted.helper_gender,
        "language": wanted.helper_language,
        "service": service,
        "exclude": list(exclude),
        "most": most,
        "kinds": list(kinds),
        "close_by": CLOSE_BY_M / METRES_A_DEGREE,
    }
    found = session.execute(_NEAREST, {**values, **_around(home, furthest_m)}).all()
    many = Counter(row.kind for row in found if row.close_by)
    return [Neighbour(*row[:-1]) for row in found if row.close_by or many[row.kind] < min(most, ENOUGH)]


def _around(home: Address, reach_m: int) -> dict[str, float]:
    """The middle of a square around a house, and how far it reaches, on the scale of the indexes."""
    return {"x": home.longitude * SQUEEZE, "y": home.latitude, "reach": reach_m / METRES_A_DEGREE}


_NEIGHBOURS = text(
    f"""
    SELECT {_COLUMNS},
        ARRAY(SELECT s.service FROM helper_services s WHERE s.helper_id = h.id AND s.service = ANY (:services))
    FROM helpers h
    WHERE h.id = ANY (:ids) AND h.active
    """  # noqa: S608 - names of ours
).bindparams(_IDS, bindparam("services", type_=ARRAY(Text)))


def neighbours(session: Session, ids: Collection[int], services: Collection[str]) -> list[Neighbour]:
    """These helpers, where active, with which of the services they offer."""
    values = {"ids": list(ids), "services": list(services)}
    return [Neighbour(*row) for row in session.execute(_NEIGHBOURS, values).all()]


_OFFERED = text(
    "SELECT helper_id, service FROM helper_services WHERE helper_id = ANY (:ids) AND service = ANY (:services)"
).bindparams(_IDS, bindparam("services", type_=ARRAY(Text)))


def services_of(session: Session, ids: Collection[int], services: Collection[str]) -> dict[int, set[str]]:
    """Which of the services these helpers offer."""
    found: dict[int, set[str]] = defaultdict(set)
    for helper_id, service in session.execute(_OFFERED, {"ids": list(ids), "services": list(services)}).all():
        found[helper_id].add(service)
    return found


_NAMES = text(
    f"""
    SELECT h.id, c.name
    FROM helpers h JOIN contacts c ON c.id = h.contact_id
    WHERE h.active AND {_PLACE} <@ {_AROUND} AND c.name IS NOT NULL
    ORDER BY {_PLACE} <-> {_HOUSE}
    LIMIT :most
    """  # noqa: S608 - figures of ours
)


def names_around(session: Session, home: Address, furthest_m: int, most: int = 5000) -> list[tuple[int, str]]:
    """The helpers around a house (id and name), the nearest first."""
    return [(row[0], row[1]) for row in session.execute(_NAMES, {**_around(home, furthest_m), "most": most}).all()]


_PERSONS = text(
    """
    SELECT h.id, coalesce(c.name, ''), o.name,
        ARRAY(
            SELECT ARRAY[
                a.weekday * 1440 + (extract(epoch FROM a.start) / 60)::int,
                (extract(epoch FROM a.until - a.start) / 60)::int + CASE WHEN a.until <= a.start THEN 1440 ELSE 0 END
            ]
            FROM availability a WHERE a.helper_id = h.id
        )
    FROM helpers h
    JOIN contacts c ON c.id = h.contact_id
    LEFT JOIN organisations o ON o.id = h.organisation_id
    WHERE h.id = ANY (:ids)
    """
).bindparams(_IDS)


def persons(session: Session, ids: Collection[int]) -> dict[int, Person]:
    """Who these helpers are and when they work; hours that end before they begin end a day later."""
    found = session.execute(_PERSONS, {"ids": list(ids)}).all()
    return {
        row[0]: Person(row[1], row[2], tuple((begins, begins + length) for begins, length in row[3])) for row in found
    }


_RECORDS = text(
    """
    SELECT helper_id, extract(epoch FROM starts)::bigint, extract(epoch FROM ends)::bigint, true,
        NULL::text, NULL::date, NULL::date
    FROM visits
    WHERE helper_id = ANY (:ids) AND status = ANY (:occupying) AND starts >= :since AND starts < :until
    UNION ALL
    SELECT helper_id, extract(epoch FROM starts)::bigint, extract(epoch FROM ends)::bigint, false, NULL, NULL, NULL
    FROM absences
    WHERE helper_id = ANY (:ids) AND ends > :since AND starts < :until
    UNION ALL
    SELECT helper_id, NULL, NULL, NULL, kind, valid_from, expires FROM proofs WHERE helper_id = ANY (:ids)
    """
).bindparams(_IDS, _STATUSES)


@dataclass
class Record:
    """When a helper is booked (visits that begin in a span) or away; their load; their proofs: kind, first, last day.

    The load is how many minutes they are booked in the first weeks of the span.
    """

    taken: list[Seconds] = field(default_factory=list)
    load_minutes: int = 0
    proofs: list[tuple[str, date, date | None]] = field(default_factory=list)


def records_of(session: Session, ids: Collection[int], span: Span) -> dict[int, Record]:
    """The records of these helpers."""
    found = {helper_id: Record() for helper_id in ids}
    soon = (span[0] + LOAD).timestamp()
    values = {"ids": list(ids), "since": span[0], "until": span[1]}
    for helper_id, starts, ends, booked, proof, valid_from, expires in session.execute(_RECORDS, values).all():
        record = found[helper_id]
        if proof is not None:
            record.proofs.append((proof, valid_from, expires))
            continue
        record.taken.append((starts, ends))
        if booked and starts < soon:
            record.load_minutes += (ends - starts) // 60
    return found


_VISITS_TO = text(
    """
    SELECT extract(epoch FROM starts)::bigint, extract(epoch FROM ends)::bigint, NULL::bigint, NULL::bigint
    FROM visits
    WHERE recipient_id = :recipient AND status = ANY (:occupying) AND starts >= :since AND starts < :until
    UNION ALL
    SELECT NULL, NULL, helper_id, count(*)
    FROM visits
    WHERE recipient_id = :recipient AND starts >= :lately AND status IN ('done', 'approved')
    GROUP BY helper_id
    """
).bindparams(_STATUSES)


def visits_to(session: Session, recipient_id: int, span: Span, now: datetime) -> tuple[list[Seconds], dict[int, int]]:
    """When the recipient has visits that begin in the span; and how many each helper made to them lately."""
    values: dict[str, Any] = {"recipient": recipient_id, "since": span[0], "until": span[1], "lately": now - KNOWN_FOR}
    coming, met = [], {}
    for starts, ends, helper_id, visits in session.execute(_VISITS_TO, values).all():
        if helper_id is None:
            coming.append((starts, ends))
        else:
            met[helper_id] = visits
    return coming, met
