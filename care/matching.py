"""Matching: who can meet a need, and why they are proposed.

Pure: no database, no clock. First the hard rules (who may not or cannot is never proposed), then the order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from care.catalogue import Service
from care.clock import later, local
from care.eligibility import Candidate, contract_for, ever_proven, may, proven
from care.needs import Need
from care.outlook import Moments
from care.plans import Plan
from care.schedule import DAYPARTS, Json
from care.weeks import Fit, Fitting, Habits, beside

_A_NIGHT, _ROUND_THE_CLOCK = 7 * 60, 24 * 60


def price_of(minutes: int, cents: int) -> int:
    """What so many minutes cost at `cents` an hour, in cents, rounded half up."""
    return (cents * minutes + 30) // 60


@dataclass(frozen=True)
class Reason:
    """One reason for an offer: a key, and what a sentence about it needs to know."""

    key: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Offer:
    """A helper proposed for a need. The price is in cents an hour (`unit`), None when free.

    `contract` is `volunteer`, `home_service` (Regeling dienstverlening aan huis), `assignment` (zzp, 7:400 BW) or
    `organisation`. `plan` says when exactly; its `missing` dates are those on which the helper cannot come. `reasons`
    come with the most telling first.
    """

    helper_id: int
    helper_name: str
    helper_kind: str
    service: str
    contract: str
    distance_m: int
    plan: Plan
    first: datetime
    reasons: tuple[Reason, ...]
    price_cents: int | None = None
    currency: str | None = None
    unit: str = "hour"
    gender: str | None = None
    organisation: str | None = None

    @property
    def free(self) -> bool:
        """Whether it costs nothing."""
        return self.price_cents is None

    @property
    def missing_dates(self) -> tuple[date, ...]:
        """The dates of the need on which this helper cannot come."""
        return self.plan.missing

    @property
    def visit_cents(self) -> int | None:
        """The price of one visit; None when free."""
        return None if self.price_cents is None else price_of(self.plan.minutes, self.price_cents)

    def to_json(self) -> Json:
        """The offer as a conversation remembers it."""
        fields = {name: value for name, value in vars(self).items() if name not in ("plan", "first", "reasons")}
        return fields | {
            "plan": self.plan.to_json(),
            "first": self.first.isoformat(),
            "reasons": [[reason.key, dict(reason.details)] for reason in self.reasons],
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Offer:
        """The offer written by `to_json`."""
        made = {
            "plan": Plan.from_json(fields["plan"]),
            "first": datetime.fromisoformat(fields["first"]),
            "reasons": tuple(Reason(key, details) for key, details in fields["reasons"]),
        }
        return cls(**{**fields, **made})


def match(
    need: Need,
    service: Service,
    candidates: Sequence[Candidate],
    begins: datetime,
    limit: int = 3,
    avoid: Moments = (),
) -> list[Offer]:
    """Up to `limit` offers for a need, the best first, of different kinds of helper where there are.

    Nothing begins before `begins` (aware); `avoid` is when the recipient has other visits. Who came before goes first,
    then who does more for the recipient at that time of day; then the nearest, the cheapest, the least busy. How often
    somebody accepts or refuses plays no part. Raises ValueError when the need's rule is not a valid RRULE.
    """
    matching = Matching(need, service, begins, limit, avoid)
    for candidate in sorted(candidates, key=rank):
        matching.consider(candidate)
    return matching.best()


class Matching:
    """The search for who can meet one need. Candidates are considered one by one, in the order of `rank`."""

    def __init__(
        self,
        need: Need,
        service: Service,
        begins: datetime,
        limit: int = 3,
        avoid: Moments = (),
        *,
        short_notice: bool = False,
    ) -> None:
        """Take what `match` takes; at `short_notice` how long beforehand a helper must be asked is not looked at."""
        self._need, self._service, self._limit, self._begins = need, service, limit, begins
        self._minutes = need.schedule.duration_minutes or service.default_minutes
        hours = {} if short_notice else service.lead_hours
        self._leads = {kind: timedelta(hours=hours.get(kind, 0)) for kind in service.kinds}
        self._avoid = avoid
        self._by_lead: dict[timedelta, Fitting] = {}
        self._order: dict[int, int] = {}
        self._by_kind: dict[str, list[Offer]] = {}
        self._whole: Counter[str] = Counter()
        """How many offers of a kind lack no date."""

    def full(self, kind: str) -> bool:
        """Whether further candidates of this kind, who would come after those there are, can be left alone.

        Of every kind the best is offered, and of the others as many as there is room for beside those. One who lacks
        dates fills no place: whoever comes after them and lacks none goes first.
        """
        room = max(0, self._limit - len(self._by_kind))
        return self._whole[kind] > room

    def might(self, candidate: Candidate) -> bool:
        """Whether the candidate could come if nothing were in the way: proofs and bookings need not be known yet."""
        if self.full(candidate.kind) or not may(candidate, self._service, self._need.preferences):
            return False
        return self._fitting(candidate).open_in(candidate.diary)

    def _fitting(self, candidate: Candidate) -> Fitting:
        """The schedule as this kind of helper can meet it: nothing begins before they could be asked in time."""
        return self._beginning(self._leads[candidate.kind])

    def _beginning(self, lead: timedelta) -> Fitting:
        """The schedule with nothing before so long from now; most services have one such time for all kinds."""
        found = self._by_lead.get(lead)
        if found is None:
            begins, usual = later(self._begins, lead), habits(self._service)
            found = Fitting(self._need.schedule, self._minutes, begins, usual, self._avoid)
            self._by_lead[lead] = found
        return found

    def consider(self, candidate: Candidate) -> None:
        """Make an offer of the candidate when they may and can."""
        self._order[candidate.helper_id] = len(self._order)
        if self.full(candidate.kind) or not may(candidate, self._service, self._need.preferences):
            return
        offer = self._offer(candidate)
        if offer is not None:
            self._by_kind.setdefault(candidate.kind, []).append(offer)
            self._whole[candidate.kind] += not offer.missing_dates

    def best(self) -> list[Offer]:
        """The best offers: of each kind the first, then the others; who lacks dates comes after who does not."""
        kinds = [of_kind for of_kind in self._by_kind.values() if of_kind]
        best = sorted((min(of_kind, key=self._place) for of_kind in kinds), key=self._place)
        rest = sorted((offer for of_kind in kinds for offer in of_kind if offer not in best), key=self._place)
        return [*best, *rest][: self._limit]

    def _place(self, offer: Offer) -> tuple[bool, int]:
        return bool(offer.missing_dates), self._order[offer.helper_id]

    def refusal(self, candidate: Candidate) -> Reason | None:
        """Why this helper is not offered for the need: the first rule in the way; None when nothing is.

        The keys are `is_recipient`, `not_their_work`, `too_far`, `not_as_wished`, `may_not` (no proof valid on every
        date, or no lawful form of contract), `short_notice` (with the `hours` and the `earliest` moment in ISO 8601),
        `not_their_hours` and `not_free`.
        """
        service, wanted = self._service, self._need.preferences
        if candidate.is_recipient:
            return Reason("is_recipient")
        if service.key not in candidate.services or candidate.kind not in service.kinds:
            return Reason("not_their_work")
        if candidate.distance_m > candidate.max_distance_m:
            return Reason("too_far")
        if not may(candidate, service, wanted):
            return Reason("not_as_wished")
        fit = self._fitting(candidate).into(candidate.diary)
        if fit is None:
            lead = self._leads[candidate.kind]
            if lead and self._beginning(timedelta(0)).into(candidate.diary) is not None:
                earliest = later(self._begins, lead).isoformat()
                return Reason("short_notice", {"hours": lead // timedelta(hours=1), "earliest": earliest})
            free = self._fitting(candidate).into(replace(candidate.diary, busy=()))
            return Reason("not_their_hours" if free is None else "not_free")
        lawful = proven(candidate, service, fit.days) and contract_for(candidate, fit)
        return None if lawful else Reason("may_not")

    def _offer(self, candidate: Candidate) -> Offer | None:
        service = self._service
        if not ever_proven(candidate, service):
            return None
        fitting = self._fitting(candidate)
        if candidate.comes:
            fitting = beside(fitting, candidate.comes)
        fit = fitting.into(candidate.diary)
        if fit is None or not proven(candidate, service, fit.days):
            return None
        contract = contract_for(candidate, fit)
        if contract is None:
            return None
        return Offer(
            helper_id=candidate.helper_id,
            helper_name=candidate.name,
            helper_kind=candidate.kind,
            service=service.key,
            contract=contract,
            distance_m=candidate.distance_m,
            plan=fit.plan,
            first=fit.first,
            reasons=(*_reasons(candidate, self._need, service, fit), *self._starts_later(candidate, fit)),
            price_cents=candidate.hourly_cents,
            currency=candidate.currency,
            gender=candidate.gender,
            organisation=candidate.organisation,
        )

    def _starts_later(self, candidate: Candidate, fit: Fit) -> Iterator[Reason]:
        """That the first visits are left out, because they come too soon to ask this helper."""
        lead = self._leads[candidate.kind]
        since, until = local(self._begins).date(), local(fit.first).date()
        if not lead or fit.plan.dtstart > local(later(self._begins, lead)).date():
            return
        at_once = replace(fit.plan, begins=self._begins)
        first = next(at_once.occurrences(since, until + timedelta(days=1)), None)
        if first is not None and first.start < fit.first:
            yield Reason("starts_later", {"hours": lead // timedelta(hours=1), "first": fit.first.isoformat()})


def rank(candidate: Candidate) -> tuple[int, ...]:
    """The order of proposing: a known face, who does more at that time, near (by half kilometres), cheap, not busy."""
    return (
        0 if candidate.met else 1,
        0 if candidate.comes else 1,
        -len(candidate.also),
        candidate.distance_m // 500,
        candidate.hourly_cents or 0,
        candidate.load_minutes // 300,
        candidate.distance_m,
        candidate.helper_id,
    )


def habits(service: Service) -> Habits:
    """When a service usually is, where nothing was said: night care at night, care round the clock from midnight."""
    if service.default_minutes >= _ROUND_THE_CLOCK:
        return Habits(usual=(time(0), time(0)))
    if service.default_minutes >= _A_NIGHT:
        return Habits(usual=DAYPARTS["night"])
    return Habits(early=service.reserved)


def _reasons(candidate: Candidate, need: Need, service: Service, fit: Fit) -> Iterator[Reason]:
    wanted = need.preferences
    if candidate.met:
        yield Reason("known_face", {"visits": candidate.met})
    if candidate.comes:
        yield Reason("comes_already")
    if candidate.also:
        yield Reason("does_more", {"services": sorted(candidate.also)})
    if wanted.helper_name is not None:
        yield Reason("asked_for", {"name": candidate.name})
    if wanted.helper_language is not None:
        yield Reason("speaks", {"language": wanted.helper_language})
    if fit.plan.missing:
        yield Reason("free_mostly", {"missing": len(fit.plan.missing), "dates": len(fit.days) + len(fit.plan.missing)})
    elif len(fit.days) > 1:
        yield Reason("free_every", {"daypart": need.schedule.daypart, "time": f"{fit.plan.times[0]:%H:%M}"})
    yield Reason("distance", {"metres": candidate.distance_m})
    proofs = service.proofs[candidate.kind]
    if proofs:
        yield Reason("proof_checked", {"proofs": list(proofs)})
    if candidate.hourly_cents is None:
        yield Reason("free_of_charge")
