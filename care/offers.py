"""Offers: the helpers near a recipient, loaded in a few queries, and matched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from math import cos, radians
from typing import TYPE_CHECKING, Any

from haversine import Unit, haversine
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from care.catalogue import Catalogue
from care.clock import local
from care.matching import Candidate, HeldProof, Offer, match
from care.models import (
    OCCUPYING,
    Absence,
    Availability,
    Helper,
    HelperService,
    Organisation,
    Proof,
    Recipient,
    Visit,
    col,
)
from care.plans import HORIZON
from care.weeks import Diary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.needs import Need

FURTHEST_M = 25_000
"""No helper is looked for further away than this."""
MOST_CANDIDATES = 120
_METRES_A_DEGREE = 111_320
_LOAD = timedelta(weeks=4)

Span = tuple[datetime, datetime]


def offers_for(
    session: Session,
    recipient: Recipient,
    need: Need,
    now: datetime,
    limit: int = 3,
    exclude_helpers: Collection[int] = (),
    chosen: Sequence[Offer] = (),
) -> list[Offer]:
    """Up to `limit` offers for a need of the recipient, the best first, of different kinds of helper where there are.

    `chosen` are offers the person took for other needs of the same request, not booked yet: their helpers are busy
    then, and other visits keep out of their way where they can. Raises KeyError for a service not in the catalogue or
    None; ValueError when the need's rule is not a valid RRULE. A family of services has no offers: a variant must be
    chosen first.
    """
    service = Catalogue.load().service(need.service or "")
    if service.variants:
        return []
    wanted = need.preferences
    query = _near(recipient, service.key, service.kinds if wanted.helper_kind is None else (wanted.helper_kind,))
    if wanted.helper_gender is not None:
        query = query.where(Helper.gender == wanted.helper_gender)
    if wanted.helper_language is not None:
        query = query.where(col(Helper.languages).contains([wanted.helper_language]))
    if exclude_helpers:
        query = query.where(col(Helper.id).not_in(list(exclude_helpers)))
    helpers = [helper for helper, _ in session.execute(query).all()]
    candidates = _candidates(session, recipient, helpers, service.key, _span(need, now), chosen)
    return match(need, service, candidates, now, limit)


def _near(recipient: Recipient, service: str, kinds: Iterable[str]) -> Any:
    """Helpers of these kinds that offer the service within the box around the recipient, the nearest first."""
    home = recipient.address
    north = FURTHEST_M / _METRES_A_DEGREE
    east = north / max(0.1, cos(radians(home.latitude)))
    # On the scale of a town the earth is flat enough to sort by; the exact distance is measured afterwards.
    squeeze = cos(radians(home.latitude))
    away = func.power(Helper.latitude - home.latitude, 2) + func.power((Helper.longitude - home.longitude) * squeeze, 2)
    return (
        select(Helper, away)
        .join(HelperService, HelperService.helper_id == Helper.id)
        .where(
            HelperService.service == service,
            col(Helper.active).is_(True),
            col(Helper.kind).in_(list(kinds)),
            col(Helper.latitude).between(home.latitude - north, home.latitude + north),
            col(Helper.longitude).between(home.longitude - east, home.longitude + east),
        )
        .options(joinedload(Helper.contact))
        .order_by(away, Helper.id)
        .limit(MOST_CANDIDATES)
    )


def _span(need: Need, now: datetime) -> Span:
    """The span in which visits of the need are looked at, with a day to spare on both sides."""
    today = local(now).date()
    first = max(need.schedule.dtstart or today, today)
    return _midnight(first) - timedelta(days=1), _midnight(first) + HORIZON + timedelta(days=2)


def _midnight(day: date) -> datetime:
    return local(datetime.combine(day, time())).astimezone(timezone.utc)


def _candidates(
    session: Session,
    recipient: Recipient,
    helpers: Sequence[Helper],
    service: str,
    span: Span,
    chosen: Sequence[Offer],
) -> list[Candidate]:
    """The helpers with all that matching looks at."""
    ids = [helper.id for helper in helpers]
    if not ids:
        return []
    proofs, weekly = _proofs(session, ids), _weekly(session, ids)
    busy, avoid = _busy(session, ids, span), _visits_to(session, recipient, span)
    for offer in chosen:
        taken = _taken(offer, span)
        busy[offer.helper_id] += taken
        avoid += taken
    met, load = _met(session, recipient, ids, span[0]), _load(session, ids, span[0])
    organisations = _organisations(session, helpers)
    home = (recipient.address.latitude, recipient.address.longitude)
    return [
        Candidate(
            helper_id=helper.id,
            name=helper.contact.name or "",
            kind=helper.kind,
            distance_m=round(haversine(home, (helper.latitude, helper.longitude), unit=Unit.METERS)),
            max_distance_m=helper.max_distance_m,
            services=frozenset({service}),
            diary=Diary.of(weekly[helper.id], busy[helper.id], avoid),
            gender=helper.gender,
            languages=frozenset(helper.languages),
            organisation=organisations.get(helper.organisation_id or 0),
            hourly_cents=helper.hourly_cents,
            currency=helper.currency,
            proofs=tuple(proofs[helper.id]),
            met=met.get(helper.id, 0),
            load_minutes=load.get(helper.id, 0),
        )
        for helper in helpers
    ]


def _proofs(session: Session, ids: list[int]) -> dict[int, list[HeldProof]]:
    found: dict[int, list[HeldProof]] = defaultdict(list)
    query = select(Proof.helper_id, Proof.kind, Proof.valid_from, Proof.expires)
    for helper_id, kind, since, until in session.execute(query.where(col(Proof.helper_id).in_(ids))):
        found[helper_id].append(HeldProof(kind, since, until))
    return found


def _weekly(session: Session, ids: list[int]) -> dict[int, list[tuple[int, time, time]]]:
    found: dict[int, list[tuple[int, time, time]]] = defaultdict(list)
    query = select(Availability.helper_id, Availability.weekday, Availability.start, Availability.end)
    for helper_id, weekday, start, end in session.execute(query.where(col(Availability.helper_id).in_(ids))):
        found[helper_id].append((weekday, start, end))
    return found


def _busy(session: Session, ids: list[int], span: Span) -> dict[int, list[Span]]:
    """When the helpers are booked or away, within the span."""
    found: dict[int, list[Span]] = defaultdict(list)
    booked = select(Visit.helper_id, Visit.starts, Visit.ends).where(
        col(Visit.helper_id).in_(ids),
        col(Visit.status).in_(OCCUPYING),
        Visit.starts >= span[0],
        Visit.starts < span[1],
    )
    away = select(Absence.helper_id, Absence.starts, Absence.ends).where(
        col(Absence.helper_id).in_(ids), Absence.ends > span[0], Absence.starts < span[1]
    )
    for query in (booked, away):
        for helper_id, starts, ends in session.execute(query):
            found[helper_id].append((starts, ends))
    return found


def _visits_to(session: Session, recipient: Recipient, span: Span) -> list[Span]:
    query = select(Visit.starts, Visit.ends).where(
        Visit.recipient_id == recipient.id,
        col(Visit.status).in_(OCCUPYING),
        Visit.starts >= span[0],
        Visit.starts < span[1],
    )
    return [(starts, ends) for starts, ends in session.execute(query)]


def _taken(offer: Offer, span: Span) -> list[Span]:
    """When the visits of an offer would be, within the span."""
    first, last = local(span[0]).date(), local(span[1]).date()
    return [(visit.start, visit.end) for visit in offer.plan.occurrences(first, last)]


def _met(session: Session, recipient: Recipient, ids: list[int], since: datetime) -> dict[int, int]:
    """How many visits each helper already made to the recipient."""
    query = select(Visit.helper_id, func.count()).where(
        Visit.recipient_id == recipient.id,
        col(Visit.helper_id).in_(ids),
        col(Visit.status).in_(("done", "approved")),
    )
    return {helper_id: int(count) for helper_id, count in session.execute(query.group_by(Visit.helper_id))}


def _load(session: Session, ids: list[int], since: datetime) -> dict[int, int]:
    """How many minutes each helper is booked in the four weeks from `since`."""
    minutes = func.sum(func.extract("epoch", Visit.ends - Visit.starts)) / 60
    query = select(Visit.helper_id, minutes).where(
        col(Visit.helper_id).in_(ids),
        col(Visit.status).in_(OCCUPYING),
        Visit.starts >= since,
        Visit.starts < since + _LOAD,
    )
    return {helper_id: int(total) for helper_id, total in session.execute(query.group_by(Visit.helper_id))}


def _organisations(session: Session, helpers: Sequence[Helper]) -> dict[int, str]:
    ids = {helper.organisation_id for helper in helpers if helper.organisation_id is not None}
    if not ids:
        return {}
    query = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids))
    return {row.id: row.name for row in session.execute(query)}
