"""What the database knows of the helpers around a house, read in few and light queries.

Moments are whole seconds since 1970 (UTC), minutes of the week count from Monday 00:00 local time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
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


class Person(NamedTuple):
    """Who a helper is, and their weekly hours in minutes of the week."""

    name: str
    organisation: str | None
    hours: tuple[Seconds, ...]


_COLUMNS = """
    h.id, h.kind, h.latitude, h.longitude, h.max_distance_m, h.hourly_cents, h.currency, h.gender, h.languages
"""
_IDS = bindparam("ids", type_=ARRAY(BigInteger))
_STATUSES = bindparam("occupying", list(OCCUPYING), type_=ARRAY(Text))

# The flat scale of the indexes is right to a twentieth in the Netherlands; exact distances are measured afterwards.
# Only spelt as in the indexes are these terms found in them.
_PLACE = f"point(h.longitude * {SQUEEZE}, h.latitude)"
_WORKPLACE = f"point(s.longitude * {SQUEEZE}, s.latitude)"
_TRADE = "s.kind || ' ' || s.service"
_HOUSE = "point(:x, :y)"
_BOX = "box(point(:west, :south), point(:east, :north))"
_NEAREST = text(
    f"""
    SELECT near.*
    FROM unnest(:kinds) wanted (kind)
    CROSS JOIN LATERAL (
        SELECT {_COLUMNS}
        FROM helper_services s
        JOIN helpers h ON h.id = s.helper_id
        WHERE s.active
            AND textrange({_TRADE}, {_TRADE}, '[]') @> (wanted.kind || ' ' || :service)
            AND {_WORKPLACE} <@ {_BOX}
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
    }
    found = [Neighbour(*row) for row in session.execute(_NEAREST, {**values, **_box(home, furthest_m)}).all()]
    close_by = {one.id for one in found if _within(home, one, CLOSE_BY_M)}
    many = Counter(one.kind for one in found if one.id in close_by)
    return [one for one in found if one.id in close_by or many[one.kind] < min(most, ENOUGH)]


def _within(home: Address, one: Neighbour, reach_m: int) -> bool:
    """Whether a helper lives within the square that reaches so far from the house."""
    east, north = abs(one.longitude - home.longitude) * SQUEEZE, abs(one.latitude - home.latitude)
    return max(east, north) * METRES_A_DEGREE <= reach_m


def _box(home: Address, reach_m: int) -> dict[str, float]:
    """The middle and the edges of the square around a house, on the scale of the index."""
    x, y, reach = home.longitude * SQUEEZE, home.latitude, reach_m / METRES_A_DEGREE
    return {"x": x, "y": y, "west": x - reach, "east": x + reach, "south": y - reach, "north": y + reach}


_NEIGHBOURS = text(f"SELECT {_COLUMNS} FROM helpers h WHERE h.id = ANY (:ids) AND h.active").bindparams(_IDS)  # noqa: S608 - names of ours


def neighbours(session: Session, ids: Collection[int]) -> list[Neighbour]:
    """These helpers, where active."""
    return [Neighbour(*row) for row in session.execute(_NEIGHBOURS, {"ids": list(ids)}).all()]


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
    WHERE h.active AND {_PLACE} <@ {_BOX} AND c.name IS NOT NULL
    ORDER BY {_PLACE} <-> {_HOUSE}
    LIMIT :most
    """  # noqa: S608 - figures of ours
)


def names_around(session: Session, home: Address, furthest_m: int, most: int = 5000) -> list[tuple[int, str]]:
    """The helpers around a house (id and name), the nearest first."""
    return [(row[0], row[1]) for row in session.execute(_NAMES, {**_box(home, furthest_m), "most": most}).all()]


_MET = text(
    "SELECT helper_id, count(*) FROM visits WHERE recipient_id = :recipient AND starts >= :since"
    " AND status IN ('done', 'approved') GROUP BY helper_id"
)


def known_faces(session: Session, recipient_id: int, now: datetime) -> dict[int, int]:
    """How many visits each helper made to the recipient lately."""
    found = session.execute(_MET, {"recipient": recipient_id, "since": now - KNOWN_FOR})
    return {row[0]: row[1] for row in found}


_PROOFS = text("SELECT helper_id, kind, valid_from, expires FROM proofs WHERE helper_id = ANY (:ids)").bindparams(_IDS)


def proofs_of(session: Session, ids: Collection[int]) -> dict[int, list[tuple[str, date, date | None]]]:
    """The proofs of these helpers: kind, first and last day."""
    found: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
    for helper_id, kind, since, until in session.execute(_PROOFS, {"ids": list(ids)}).all():
        found[helper_id].append((kind, since, until))
    return found


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


_TAKEN = text(
    """
    SELECT helper_id, extract(epoch FROM starts)::bigint, extract(epoch FROM ends)::bigint, true
    FROM visits
    WHERE helper_id = ANY (:ids) AND status = ANY (:occupying) AND starts >= :since AND starts < :until
    UNION ALL
    SELECT helper_id, extract(epoch FROM starts)::bigint, extract(epoch FROM ends)::bigint, false
    FROM absences
    WHERE helper_id = ANY (:ids) AND ends > :since AND starts < :until
    """
).bindparams(_IDS, _STATUSES)


def taken_of(session: Session, ids: Collection[int], span: Span) -> tuple[dict[int, list[Seconds]], dict[int, int]]:
    """When these helpers are booked (visits that begin in the span) or away; and their load.

    The load is how many minutes they are booked in the first weeks of the span.
    """
    found: dict[int, list[Seconds]] = defaultdict(list)
    load: dict[int, int] = defaultdict(int)
    soon = (span[0] + LOAD).timestamp()
    values = {"ids": list(ids), "since": span[0], "until": span[1]}
    for helper_id, starts, ends, booked in session.execute(_TAKEN, values).all():
        found[helper_id].append((starts, ends))
        if booked and starts < soon:
            load[helper_id] += (ends - starts) // 60
    return found, load


_VISITS_TO = text(
    """
    SELECT extract(epoch FROM starts)::bigint, extract(epoch FROM ends)::bigint
    FROM visits
    WHERE recipient_id = :recipient AND status = ANY (:occupying) AND starts >= :since AND starts < :until
    """
).bindparams(_STATUSES)


def visits_to(session: Session, recipient_id: int, span: Span) -> list[Seconds]:
    """When the recipient has visits that begin in the span."""
    values: dict[str, Any] = {"recipient": recipient_id, "since": span[0], "until": span[1]}
    return [(row[0], row[1]) for row in session.execute(_VISITS_TO, values).all()]
