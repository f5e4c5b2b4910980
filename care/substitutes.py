"""Finding somebody else for visits whose helper is away: who may come, in which order, and handing a visit over.

A substitution is about visits of one series at the same clock times. Its visits stay `requested` until a substitute has
said yes; then they are `moved`, and the substitute's own series has visits in their place, in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import lazyload

from care import asks, audit, booking
from care.clock import local
from care.matching import Offer
from care.models import (
    OPEN_SUBSTITUTIONS,
    Ask,
    Contact,
    Helper,
    Recipient,
    Series,
    StandIn,
    SubstitutedVisit,
    Substitution,
    Visit,
    col,
)
from care.needs import Need
from care.offers import offers_for
from care.plans import Plan, rule_dates, rule_fields, rule_text
from care.schedule import Schedule

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_OFFERS = 3
_LOOKED_AT = 12
_AHEAD = timedelta(days=14)
"""Visits without a helper that nobody looks after yet are taken up this long before they begin."""


def open_for(session: Session, visits: Iterable[Visit], now: datetime) -> list[Substitution]:
    """Begin the search for these visits (`requested`), one search for visits of a series at the same clock times.

    Visits that a search is open for already are passed over.
    """
    busy = _being_looked_for(session, [visit.id for visit in visits])
    groups: dict[tuple[int, int, tuple[time, ...]], list[Visit]] = defaultdict(list)
    by_day: dict[tuple[int, int, date], list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.id not in busy and visit.starts > now:
            by_day[visit.series_id, visit.helper_id, local(visit.starts).date()].append(visit)
    for (series_id, helper_id, _), on_a_day in by_day.items():
        clocks = tuple(sorted(local(visit.starts).time() for visit in on_a_day))
        groups[series_id, helper_id, clocks] += on_a_day
    return [_begin(session, series_id, helper_id, group, now) for (series_id, helper_id, _), group in groups.items()]


def _begin(session: Session, series_id: int, helper_id: int, visits: Sequence[Visit], now: datetime) -> Substitution:
    found = Substitution(series_id=series_id, absent_id=helper_id, opened=now, next_at=now, tried=[], offers=[])
    session.add(found)
    session.flush()
    session.add_all(SubstitutedVisit(substitution_id=found.id, visit_id=visit.id) for visit in visits)
    session.flush()
    return found


def _being_looked_for(session: Session, visit_ids: Collection[int]) -> set[int]:
    query = (
        select(SubstitutedVisit.visit_id)
        .join(Substitution, Substitution.id == SubstitutedVisit.substitution_id)
        .where(col(SubstitutedVisit.visit_id).in_(list(visit_ids)), col(Substitution.status).in_(OPEN_SUBSTITUTIONS))
    )
    return set(session.scalars(query))


def not_looked_for(session: Session, now: datetime, limit: int = 200) -> list[Visit]:
    """Visits of the next two weeks without a helper for which no search was ever begun, the first ones first."""
    begun = exists().where(SubstitutedVisit.visit_id == Visit.id)
    query = select(Visit).where(Visit.status == "requested", Visit.starts > now, Visit.starts < now + _AHEAD, ~begun)
    query = query.order_by(Visit.starts, Visit.id).limit(limit).with_for_update(skip_locked=True, of=Visit)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def locked(session: Session, substitution_id: int) -> Substitution | None:
    """A search that is still open, its row locked until the transaction ends; None when it is over."""
    query = select(Substitution).where(
        Substitution.id == substitution_id, col(Substitution.status).in_(OPEN_SUBSTITUTIONS)
    )
    query = query.with_for_update(of=Substitution).execution_options(populate_existing=True)
    found: Substitution | None = session.scalars(query).first()
    return found


def due(session: Session, now: datetime, limit: int = 10) -> list[Substitution]:
    """Open searches that go on by now, locked; those another process holds are passed over."""
    query = select(Substitution).where(
        col(Substitution.status).in_(OPEN_SUBSTITUTIONS), col(Substitution.next_at) <= now
    )
    query = query.order_by(Substitution.next_at, Substitution.id).limit(limit)
    query = query.with_for_update(skip_locked=True, of=Substitution)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def asked_for(session: Session, helper: Helper) -> list[Substitution]:
    """Open searches in which this helper was asked and has not answered."""
    query = select(Substitution).where(Substitution.asked_id == helper.id, Substitution.status == "asking")
    return list(session.scalars(query.order_by(Substitution.id)))


def of_absent(session: Session, helper: Helper) -> list[Substitution]:
    """Open searches for visits of this helper."""
    query = select(Substitution).where(
        Substitution.absent_id == helper.id, col(Substitution.status).in_(OPEN_SUBSTITUTIONS)
    )
    return list(session.scalars(query.order_by(Substitution.id)))


def empty(session: Session, limit: int = 50) -> list[Substitution]:
    """Open searches none of whose visits lacks a helper any more (left out, ended, over), locked."""
    lacking = (
        exists()
        .where(SubstitutedVisit.substitution_id == Substitution.id)
        .where(Visit.id == SubstitutedVisit.visit_id, Visit.status == "requested")
    )
    query = select(Substitution).where(col(Substitution.status).in_(OPEN_SUBSTITUTIONS), ~lacking)
    query = query.order_by(Substitution.id).limit(limit).with_for_update(skip_locked=True, of=Substitution)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def withdraw_asks(session: Session, substitution: Substitution, now: datetime) -> None:
    """Take back the open questions of a search."""
    query = select(Ask).where(Ask.series_id == substitution.series_id, Ask.status == "open").order_by(Ask.id)
    found = session.scalars(query.with_for_update(of=Ask).execution_options(populate_existing=True)).all()
    for ask in found:
        if ask.question.get("substitution") == substitution.id:
            asks.close(session, ask, "withdrawn", now)


def lacking(session: Session, substitution: Substitution, now: datetime, *, lock: bool = False) -> list[Visit]:
    """The visits of a search that still lack a helper and have not begun, in order of time."""
    query = (
        select(Visit)
        .join(SubstitutedVisit, SubstitutedVisit.visit_id == Visit.id)
        .where(SubstitutedVisit.substitution_id == substitution.id, Visit.status == "requested", Visit.starts > now)
        .order_by(Visit.starts, Visit.id)
    )
    if lock:
        query = query.with_for_update(of=Visit)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def need_of(series: Series, visits: Sequence[Visit]) -> Need:
    """What a substitute is sought for: the need of the series, at just the times of these visits."""
    minutes = Plan.from_json(series.plan).minutes
    days = sorted({local(visit.starts).date() for visit in visits})
    times = tuple(sorted({local(visit.starts).time().replace(second=0) for visit in visits}))
    rrule, left_out = _rule(series, days)
    schedule = Schedule(rrule=rrule, dtstart=days[0], exdates=left_out, times=times, duration_minutes=minutes)
    wanted = replace(Need.from_json(series.need).preferences, helper_name=None)
    return Need(series.service, schedule, wanted)


def _rule(series: Series, days: Sequence[date]) -> tuple[str | None, tuple[date, ...]]:
    """A rule for these dates, and the dates it has too many: that of the series where it fits, else every day."""
    if len(days) == 1:
        return None, ()
    until = f"{days[-1]:%Y%m%d}"
    for rule in (Plan.from_json(series.plan).rrule, "FREQ=DAILY"):
        if rule is None:
            continue
        fields = {name: value for name, value in rule_fields(rule).items() if name not in ("COUNT", "UNTIL")}
        text = rule_text({**fields, "UNTIL": until})
        dates = set(rule_dates(text, days[0]))
        if dates >= set(days):
            return text, tuple(sorted(dates - set(days)))
    raise AssertionError("every date is a date of FREQ=DAILY")


def candidates(session: Session, substitution: Substitution, visits: Sequence[Visit], now: datetime) -> list[Offer]:
    """Who may and can come instead, at most three: first who the recipient named beforehand, then known faces, then
    others; in each group those who can come every time go first.

    Who said no, and who is away, is left out. Where nobody of the kind that was wished for can, any kind will do: the
    recipient chooses.
    """
    series = substitution.series
    need = need_of(series, visits)
    without = {*substitution.tried, substitution.absent_id}
    found = offers_for(
        session, series.recipient, need, now, limit=_LOOKED_AT, exclude_helpers=without, short_notice=True
    )
    if not found and need.preferences.helper_kind is not None:
        need = replace(need, preferences=replace(need.preferences, helper_kind=None))
        found = offers_for(
            session, series.recipient, need, now, limit=_LOOKED_AT, exclude_helpers=without, short_notice=True
        )
    named = {stand_in.helper_id for stand_in in stand_ins(session, series.recipient)}

    def place(offer: Offer) -> tuple[int, bool]:
        known = any(reason.key == "known_face" for reason in offer.reasons)
        return 0 if offer.helper_id in named else 1 if known else 2, bool(offer.missing_dates)

    return sorted(found, key=place)[:MOST_OFFERS]


def hand_over(session: Session, substitution: Substitution, *, by: Contact, now: datetime) -> list[Visit]:
    """The helper of the substitution's `offer` takes its visits: those visits as they are now, in order of time.

    Visits on which this helper cannot come stay without one. Nothing is handed over when all visits were left out or
    taken meanwhile. Raises SlotTaken when the helper cannot come after all, PermissionError when `by` may not act for
    the recipient; nothing has changed then.
    """
    old = lacking(session, substitution, now, lock=True)
    if not old or substitution.offer is None:
        return []
    offer = Offer.from_json(substitution.offer)
    series = substitution.series
    # The visits may have become fewer since the helper was asked.
    starts = {visit.starts for visit in old}
    plan = offer.plan
    days = {local(moment).date() for moment in starts}
    if days <= set(plan.missing):
        raise booking.SlotTaken("taken", days)
    surplus = [day for day in rule_dates(plan.rrule, plan.dtstart) if day not in days]
    plan = replace(plan, exdates=tuple(sorted({*plan.exdates, *surplus})))
    made = booking.book(
        session,
        recipient=series.recipient,
        requested_by=by,
        need=need_of(series, old),
        offer=replace(offer, plan=plan),
        request_key=f"substitute:{substitution.id}:{offer.helper_id}",
        now=now,
    )
    query = select(Visit).where(Visit.series_id == made.id, Visit.status == "planned").order_by(Visit.starts)
    new = {visit.starts: visit for visit in session.scalars(query)}
    for visit in old:
        if visit.starts in new:
            visit.status, visit.changed, visit.changed_by_id = "moved", now, by.id
            link = session.get(SubstitutedVisit, (substitution.id, visit.id))
            link.new_visit_id = new[visit.starts].id
    session.flush()
    details = {"substitution": substitution.id, "series": made.id, "visits": [visit.id for visit in new.values()]}
    audit.record(session, "hand_over", now=now, who=by, recipient=series.recipient, details=details)
    return list(new.values())


def covered_by(session: Session, series: Series) -> Substitution | None:
    """The search that a substitute's own series came from, locked; None when it is a series like any other."""
    query = (
        select(Substitution)
        .join(SubstitutedVisit, SubstitutedVisit.substitution_id == Substitution.id)
        .join(Visit, Visit.id == SubstitutedVisit.new_visit_id)
        .where(Visit.series_id == series.id)
        .order_by(col(Substitution.id).desc())
        .limit(1)
        .with_for_update(of=Substitution)
    )
    found: Substitution | None = session.scalars(query.execution_options(populate_existing=True)).first()
    return found


def give_back(session: Session, substitution: Substitution, series: Series, now: datetime) -> list[Visit]:
    """The substitute, who had said yes, does not come after all: the visits of before lack a helper again, and the
    search goes on without this one. Those visits, in order of time; their own series (declined by now) is over.
    """
    query = (
        select(SubstitutedVisit, Visit)
        .join(Visit, Visit.id == SubstitutedVisit.visit_id)
        .where(SubstitutedVisit.substitution_id == substitution.id, col(SubstitutedVisit.new_visit_id).is_not(None))
        .where(Visit.status == "moved", Visit.starts > now)
        .order_by(Visit.starts, Visit.id)
        .with_for_update(of=Visit)
    )
    back = []
    for link, visit in session.execute(query.execution_options(populate_existing=True)).all():
        new = session.get(Visit, link.new_visit_id)
        if new.series_id != series.id or visit.series.status != "active":
            continue
        link.new_visit_id = None
        visit.status, visit.changed, visit.changed_by_id = "requested", now, None
        back.append(visit)
    substitution.tried = [*substitution.tried, series.helper_id]
    substitution.status, substitution.closed, substitution.next_at = "looking", None, now
    substitution.offer, substitution.asked_id = None, None
    session.flush()
    return back


def close(session: Session, substitution: Substitution, status: str, now: datetime) -> None:
    """The search is over: `covered`, `left_out`, `nobody`, `back` or `withdrawn`."""
    substitution.status, substitution.closed, substitution.next_at = status, now, None
    substitution.asked_id = None
    session.flush()


def stand_ins(session: Session, recipient: Recipient) -> list[StandIn]:
    """Who the recipient named beforehand to come when another cannot, in the order they were named."""
    query = select(StandIn).where(StandIn.recipient_id == recipient.id)
    return list(session.scalars(query.order_by(StandIn.since, StandIn.helper_id)))


def who_came(session: Session, recipient: Recipient) -> list[Helper]:
    """The helpers who have or had visits to the recipient, those who came last first."""
    query = (
        select(Helper, func.max(Visit.starts).label("latest"))
        .join(Visit, Visit.helper_id == Helper.id)
        .where(Visit.recipient_id == recipient.id, col(Helper.active).is_(True))
        .group_by(Helper.id)
    )
    # The contact is fetched for each: within a grouped query it cannot be joined.
    rows = session.execute(query.options(lazyload(Helper.contact)))
    return [helper for helper, _ in sorted(rows, key=lambda row: row.latest, reverse=True)]


def name_stand_in(
    session: Session, recipient: Recipient, helper: Helper, *, by: Contact, now: datetime, unasked: bool = False
) -> None:
    """Remember that the helper may come when another cannot, `unasked` without asking each time.

    Raises PermissionError when `by` may not act for the recipient.
    """
    booking.may_act(session, recipient, by, now)
    values = {"recipient_id": recipient.id, "helper_id": helper.id, "unasked": unasked, "since": now}
    put = insert(StandIn).values(**values)
    session.execute(put.on_conflict_do_update(index_elements=["recipient_id", "helper_id"], set_={"unasked": unasked}))
    details = {"helper": helper.id, "unasked": unasked}
    audit.record(session, "name_stand_in", now=now, who=by, recipient=recipient, details=details)


def instead_of(session: Session, visit_ids: Collection[int]) -> dict[int, str]:
    """For visits that took the place of another's: the name of the helper who would have come."""
    if not visit_ids:
        return {}
    query = (
        select(SubstitutedVisit.new_visit_id, Contact.name)
        .join(Substitution, Substitution.id == SubstitutedVisit.substitution_id)
        .join(Helper, Helper.id == Substitution.absent_id)
        .join(Contact, Contact.id == Helper.contact_id)
        .where(col(SubstitutedVisit.new_visit_id).in_(list(visit_ids)))
    )
    return {visit_id: name or "" for visit_id, name in session.execute(query)}


def without_helper(session: Session, recipient_ids: Collection[int], since: datetime, until: datetime) -> list[Visit]:
    """Visits to these recipients from `since` until before `until` that nobody comes to as yet, in order of time."""
    query = select(Visit).where(
        col(Visit.recipient_id).in_(list(recipient_ids)),
        Visit.starts >= since,
        Visit.starts < until,
        Visit.status == "requested",
    )
    return list(session.scalars(query.order_by(Visit.starts, Visit.id)))


def status_of(session: Session, visit: Visit) -> Substitution | None:
    """The newest search for a visit, if there was one."""
    query = (
        select(Substitution)
        .join(SubstitutedVisit, SubstitutedVisit.substitution_id == Substitution.id)
        .where(or_(SubstitutedVisit.visit_id == visit.id, SubstitutedVisit.new_visit_id == visit.id))
        .order_by(col(Substitution.id).desc())
    )
    found: Substitution | None = session.scalars(query).first()
    return found
