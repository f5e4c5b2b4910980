"""Offers: the helpers near a recipient, loaded in a few queries, and matched.

Among very many helpers little is read: the nearest of each kind who offer the service are put in order; hours are read
of the first of them, of who works then the bookings and proofs; and of the others only where there are too few offers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from haversine import Unit, haversine

from care import surroundings
from care.catalogue import Catalogue, Service
from care.clock import local
from care.eligibility import Candidate, HeldProof, named
from care.matching import Matching, Offer, Reason, rank
from care.outlook import Diary, joined
from care.plans import HORIZON
from care.schedule import Schedule

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.models import Recipient
    from care.needs import Need
    from care.surroundings import Neighbour, Seconds, Span

FURTHEST_M = 25_000
"""No helper is looked for further away than this."""
MOST_OF_A_KIND = 30
_LOOKS = (36,)
"""Of so many helpers the hours are read at first; after that, where they are not enough, of all others."""
_WEEK = 7 * 24 * 60
_TOGETHER = 3 * 60
"""Visits whose usual beginnings are no more than so many minutes apart are at the same time of day."""


def offers_for(
    session: Session,
    recipient: Recipient,
    need: Need,
    now: datetime,
    limit: int = 3,
    exclude_helpers: Collection[int] = (),
    chosen: Sequence[Offer] = (),
    others: Sequence[Need] = (),
    *,
    short_notice: bool = False,
) -> list[Offer]:
    """Up to `limit` offers for a need of the recipient, the best first, of different kinds of helper where there are.

    `chosen` are offers the person took for other needs of the same request, not booked yet: their helpers are busy
    then, and other visits keep out of their way where they can. `others` are needs of the same request nobody was
    chosen for yet; who can do those at the same time of day too is preferred, like who was chosen for one. At
    `short_notice` nobody need be asked a while beforehand. Raises KeyError for a service not in the catalogue or None;
    ValueError when the need's rule is not a valid RRULE. A family of services has no offers: a variant must be chosen
    first.
    """
    search = _Search.begun(session, recipient, need, now, chosen, others)
    if search is None:
        return []
    matching = Matching(need, search.service, now, limit, search.avoid, short_notice=short_notice)
    waiting = search.candidates(exclude_helpers)
    for look in (*_LOOKS, len(waiting)):
        if not waiting:
            break
        now_looked_at, waiting = waiting[:look], waiting[look:]
        for candidate in search.with_diaries(now_looked_at, matching):
            matching.consider(candidate)
        waiting = [candidate for candidate in waiting if not matching.full(candidate.kind)]
    return matching.best()


def refusal_of(
    session: Session, recipient: Recipient, need: Need, now: datetime, chosen: Sequence[Offer] = ()
) -> Reason | None:
    """Why the helper asked for by name cannot be offered for the need; None when nobody was named, or they can.

    The keys are `nobody_of_that_name` (around) and those of `Matching.refusal`; the details give the `name`.
    """
    said = need.preferences.helper_name
    search = _Search.begun(session, recipient, need, now, chosen, ())
    if search is None or said is None:
        return None
    matching = Matching(need, search.service, now, 1, search.avoid)
    found = [one for one in search.with_diaries(search.candidates(()), None) if named(one.name, said)]
    refused = [(candidate, matching.refusal(candidate)) for candidate in found]
    if not refused:
        return Reason("nobody_of_that_name", {"name": said})
    candidate, reason = refused[0]
    if any(reason is None for _, reason in refused) or reason is None:
        return None
    return Reason(reason.key, {**reason.details, "name": candidate.name})


def too_soon_for(
    session: Session, recipient: Recipient, need: Need, now: datetime, chosen: Sequence[Offer] = ()
) -> Reason | None:
    """Whether a need nobody is offered for could be met by somebody who was asked in time: `short_notice`, with the
    `hours` it takes and the `earliest` moment (see `Matching.refusal`); None when that is not what is in the way.
    """
    search = _Search.begun(session, recipient, need, now, chosen, ())
    if search is None:
        return None
    matching = Matching(need, search.service, now, 1, search.avoid)
    reasons = (matching.refusal(candidate) for candidate in search.with_diaries(search.candidates(()), None))
    found = [reason for reason in reasons if reason is not None and reason.key == "short_notice"]
    return min(found, key=lambda reason: reason.details["hours"], default=None)


class _Search:
    """What is known around one recipient, for one need."""

    def __init__(self, session: Session, recipient: Recipient, need: Need, service: Service, now: datetime) -> None:
        self.session, self.recipient, self.need, self.service, self.now = session, recipient, need, service, now
        self.span = _span(need, now)
        self.met: dict[int, int] = {}
        self.busy: dict[int, list[Seconds]] = {}
        self.comes: dict[int, tuple[tuple[int, int], ...]] = {}
        self.also: frozenset[str] = frozenset()
        self.avoid: tuple[Seconds, ...] = ()

    @classmethod
    def begun(
        cls,
        session: Session,
        recipient: Recipient,
        need: Need,
        now: datetime,
        chosen: Sequence[Offer],
        others: Sequence[Need],
    ) -> _Search | None:
        """The search for a need; None for a family of services."""
        service = Catalogue.load().service(need.service or "")
        if service.variants:
            return None
        search = cls(session, recipient, need, service, now)
        avoid, search.met = surroundings.visits_to(session, recipient.id, search.span, now)
        for offer in chosen:
            taken = list(_taken(offer, search.span))
            search.busy.setdefault(offer.helper_id, []).extend(taken)
            avoid += taken
            at_that_time = _clock_spans(offer)
            if any(_together(start, need.schedule) for start, _ in at_that_time):
                search.comes[offer.helper_id] = (*search.comes.get(offer.helper_id, ()), *at_that_time)
        search.avoid = joined(avoid)
        search.also = frozenset(
            other.service
            for other in others
            if other.service not in (None, need.service)
            and any(_together(start, need.schedule) for start in _starts(other.schedule))
        )
        return search

    def candidates(self, exclude: Collection[int]) -> list[Candidate]:
        """Who comes into question, in the order of proposing, without their names, hours and proofs."""
        home = self.recipient.address
        near = [] if self.need.preferences.helper_name else self._nearest(exclude)
        ids = [one.id for one in near]
        more = surroundings.services_of(self.session, ids, self.also) if self.also else {}
        others = {*self.met, *self.comes, *self._of_that_name()}.difference(ids, exclude)
        if others:
            near += surroundings.neighbours(self.session, others, {self.service.key, *self.also})
        here = (home.latitude, home.longitude)
        made = (self._candidate(one, here, frozenset([*one.services, *more.get(one.id, ())])) for one in near)
        return sorted((one for one in made if one.distance_m <= FURTHEST_M), key=rank)

    def _nearest(self, exclude: Collection[int]) -> list[Neighbour]:
        wanted = self.need.preferences
        return surroundings.nearest(
            self.session,
            self.recipient.address,
            self.service.key,
            wanted,
            kinds=tuple(self.service.kinds) if wanted.helper_kind is None else (wanted.helper_kind,),
            furthest_m=FURTHEST_M,
            most=MOST_OF_A_KIND,
            exclude=exclude,
        )

    def _of_that_name(self) -> list[int]:
        """The helpers around who have the name that was said."""
        said = self.need.preferences.helper_name
        if said is None:
            return []
        around = surroundings.names_around(self.session, self.recipient.address, FURTHEST_M)
        return [helper_id for helper_id, name in around if named(name, said)]

    def _candidate(self, one: Neighbour, here: tuple[float, float], services: frozenset[str]) -> Candidate:
        return Candidate(
            helper_id=one.id,
            name="",
            kind=one.kind,
            distance_m=round(haversine(here, (one.latitude, one.longitude), unit=Unit.METERS)),
            max_distance_m=one.max_distance_m,
            services=services,
            gender=one.gender,
            languages=frozenset(one.languages),
            hourly_cents=one.hourly_cents,
            currency=one.currency,
            met=self.met.get(one.id, 0),
            also=frozenset(key for key in self.also & services if one.kind in Catalogue.load().service(key).kinds),
            comes=self.comes.get(one.id, ()),
            is_recipient=one.contact_id == self.recipient.contact_id,
        )

    def with_diaries(self, candidates: Sequence[Candidate], matching: Matching | None) -> list[Candidate]:
        """The candidates with names, hours, proofs, bookings and load, in the order of proposing.

        With a `matching` only those who may come and work at those hours.
        """
        persons = surroundings.persons(self.session, [one.helper_id for one in candidates])
        able = []
        for one in candidates:
            name, organisation, hours = persons[one.helper_id]
            able.append(one._replace(name=name, organisation=organisation, diary=Diary(_laid_out(hours))))
        if matching is not None:
            able = [one for one in able if matching.might(one)]
        ids = [one.helper_id for one in able]
        if not ids:
            return []
        records = surroundings.records_of(self.session, ids, self.span)
        known = []
        for one in able:
            record = records[one.helper_id]
            diary = Diary(one.diary.spans, joined([*record.taken, *self.busy.get(one.helper_id, ())]))
            held = tuple(HeldProof(*proof) for proof in record.proofs)
            known.append(one._replace(diary=diary, proofs=held, load_minutes=record.load_minutes))
        return sorted(known, key=rank)


@lru_cache(maxsize=1024)
def _laid_out(spans: tuple[Seconds, ...]) -> tuple[Seconds, ...]:
    """Weekly spans, laid out for two weeks: Sunday night runs on into Monday morning."""
    return joined([*spans, *((start + _WEEK, end + _WEEK) for start, end in spans)])


def _span(need: Need, now: datetime) -> Span:
    """The span in which visits of the need are looked at, with a day to spare on both sides."""
    today = local(now).date()
    first = max(need.schedule.dtstart or today, today)
    return _midnight(first) - timedelta(days=1), _midnight(first) + HORIZON + timedelta(days=2)


def _midnight(day: date) -> datetime:
    return local(datetime.combine(day, time())).astimezone(timezone.utc)


def _taken(offer: Offer, span: Span) -> Iterator[Seconds]:
    """When the visits of an offer would be, within the span."""
    first, last = local(span[0]).date(), local(span[1]).date()
    for visit in offer.plan.occurrences(first, last):
        yield int(visit.start.timestamp()), int(visit.end.timestamp())


def _clock_spans(offer: Offer) -> tuple[tuple[int, int], ...]:
    """When on the day the visits of an offer are, in minutes."""
    starts = [clock.hour * 60 + clock.minute for clock in offer.plan.times]
    return tuple((start, start + offer.plan.minutes) for start in starts)


def _together(start: int, schedule: Schedule) -> bool:
    """Whether a visit at that minute of the day is at about the time of day of the schedule."""
    return any(abs(start - other) <= _TOGETHER for other in _starts(schedule))


def _starts(schedule: Schedule) -> list[int]:
    """The minutes of the day at which visits of a schedule begin; of a window its middle."""
    if schedule.times:
        return [clock.hour * 60 + clock.minute for clock in schedule.times]
    if schedule.window is None:
        return []
    start, end = (edge.hour * 60 + edge.minute for edge in schedule.window)
    return [((start + end + (24 * 60 if end <= start else 0)) // 2) % (24 * 60)]
