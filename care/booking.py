"""Booking: an offer that was said yes to becomes a series with its visits; and taking that back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from care import audit, reminding
from care.catalogue import Catalogue
from care.clock import local
from care.models import OCCUPYING, Absence, Contact, Helper, Outbox, Proof, Recipient, Series, Visit, col
from care.people import recipients_for
from care.plans import HORIZON, Occurrence, Plan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.matching import Offer
    from care.needs import Need

_EXCLUSION, _UNIQUE, _DEADLOCK = "23P01", "23505", "40P01"


class SlotTaken(Exception):
    """The offer no longer stands. `reason` is `taken`, `absent`, `proof` or `inactive` (also: would help themselves);
    `dates` are the local dates.
    """

    def __init__(self, reason: str, dates: Collection[date] = ()) -> None:
        """Say why, and on which dates where that is known."""
        super().__init__(f"the helper cannot come after all: {reason}")
        self.reason = reason
        self.dates = tuple(sorted(dates))


def book(
    session: Session,
    *,
    recipient: Recipient,
    requested_by: Contact,
    need: Need,
    offer: Offer,
    request_key: str,
    now: datetime,
    offered: bool = False,
) -> Series:
    """Make the series of an offer, and its visits for the next twelve weeks.

    With `offered` the helper must still agree (`care.acceptance`): series and visits hold their time meanwhile.
    Once only: a `request_key` that was booked gives that series. Raises SlotTaken when the helper cannot come after all
    (booked by another, away, a proof expired); the transaction stays usable and nothing of the booking is in it.
    Raises PermissionError when `requested_by` may not act for the recipient.
    """
    known = _booked(session, request_key)
    if known is not None:
        return known
    may_act(session, recipient, requested_by, now)
    plan = offer.plan
    horizon = max(local(now).date(), plan.dtstart) + HORIZON
    visits = list(plan.occurrences(plan.dtstart, horizon))
    series = Series(
        recipient_id=recipient.id,
        helper_id=offer.helper_id,
        service=need.service,
        need=need.to_json(),
        plan=plan.to_json(),
        price_cents=offer.price_cents,
        currency=offer.currency,
        unit=offer.unit,
        contract=offer.contract,
        request_key=request_key,
        horizon=horizon,
        status="offered" if offered else "active",
        accepted=None if offered else now,
        created=now,
        created_by_id=requested_by.id,
    )
    try:
        with session.begin_nested():
            _check(session, recipient, offer.helper_id, series.service, visits)
            session.add(series)
            session.flush()
            if visits:
                status = "offered" if offered else "planned"
                session.execute(insert(Visit), _rows(series, visits, now, requested_by, status))
    except DBAPIError as error:
        code = getattr(error.orig, "pgcode", None)
        if code in (_EXCLUSION, _DEADLOCK):
            raise SlotTaken("taken", _taken(session, offer.helper_id, visits)) from error
        same = _booked(session, request_key) if code == _UNIQUE else None
        if same is None:
            raise
        return same
    details = {"series": series.id, "service": series.service, "helper": series.helper_id, "visits": len(visits)}
    audit.record(session, "book", now=now, who=requested_by, recipient=recipient, details=details)
    return series


def _booked(session: Session, request_key: str) -> Series | None:
    found: Series | None = session.scalars(select(Series).where(Series.request_key == request_key)).first()
    return found


def may_act(session: Session, recipient: Recipient, by: Contact, now: datetime) -> None:
    """Raise PermissionError unless the contact is the recipient or holds a mandate to act for them."""
    if recipient.contact_id == by.id:
        return
    if all(recipient.id != other.id for other in recipients_for(session, by, now, "act")):
        message = f"contact {by.id} may not act for recipient {recipient.id}"
        raise PermissionError(message)


def _check(session: Session, recipient: Recipient, helper_id: int, service_key: str, visits: list[Occurrence]) -> None:
    """Whether the helper may and can still do it: since the offer was made, proofs and absences may have changed."""
    # Locked, so that two bookings of one helper come one after the other rather than in each other's way.
    query = select(Helper).where(Helper.id == helper_id).with_for_update(of=Helper, key_share=True)
    helper: Helper | None = session.scalars(query.execution_options(populate_existing=True)).first()
    service = Catalogue.load().service(service_key)
    themselves = helper is not None and helper.contact_id == recipient.contact_id
    if helper is None or themselves or not helper.active or helper.kind not in service.kinds:
        raise SlotTaken("inactive")
    unproven = unproven_days(session, helper, service_key, {visit.day for visit in visits})
    if unproven:
        raise SlotTaken("proof", unproven)
    away = absent_days(session, helper_id, visits)
    if away:
        raise SlotTaken("absent", away)


def unproven_days(session: Session, helper: Helper, service_key: str, days: Iterable[date]) -> set[date]:
    """The dates on which the helper lacks a proof that the service asks for."""
    service = Catalogue.load().service(service_key)
    proofs = session.execute(
        select(Proof.kind, Proof.valid_from, Proof.expires).where(Proof.helper_id == helper.id)
    ).all()
    lacking = set()
    for day in days:
        held = {kind for kind, since, until in proofs if since <= day and (until is None or day <= until)}
        if service.missing_proofs(helper.kind, held):
            lacking.add(day)
    return lacking


def absent_days(session: Session, helper_id: int, visits: list[Occurrence]) -> set[date]:
    """The dates of visits that fall in an absence of the helper."""
    if not visits:
        return set()
    query = select(Absence.starts, Absence.ends).where(
        Absence.helper_id == helper_id, Absence.ends > visits[0].start, Absence.starts < visits[-1].end
    )
    spans = session.execute(query).all()
    return {visit.day for visit in visits if any(visit.start < ends and starts < visit.end for starts, ends in spans)}


def _taken(session: Session, helper_id: int, visits: list[Occurrence]) -> set[date]:
    """The dates on which other visits of the helper are in the way, as far as they can be seen."""
    query = select(Visit.starts, Visit.ends).where(
        Visit.helper_id == helper_id,
        col(Visit.status).in_(OCCUPYING),
        Visit.ends > visits[0].start,
        Visit.starts < visits[-1].end,
    )
    spans = session.execute(query).all()
    return {visit.day for visit in visits if any(visit.start < ends and starts < visit.end for starts, ends in spans)}


def _rows(
    series: Series, visits: Iterable[Occurrence], now: datetime, by: Contact | None, status: str = "planned"
) -> list[dict[str, Any]]:
    return [
        {
            "series_id": series.id,
            "recipient_id": series.recipient_id,
            "helper_id": series.helper_id,
            "service": series.service,
            "starts": visit.start,
            "ends": visit.end,
            "status": status,
            "changed": now,
            "changed_by_id": by and by.id,
            "key": f"{series.id}:{visit.name}",
        }
        for visit in visits
    ]


def extend_horizon(session: Session, now: datetime, limit: int = 1000) -> int:
    """Make the visits that came within twelve weeks for running series (at most `limit` of them); how many were made.

    A date on which the helper is booked by another, away or without a valid proof becomes a visit with the status
    `requested`: it is not lost, it needs a helper. Safe to run twice, and by two processes at once.
    """
    horizon = local(now).date() + HORIZON
    query = select(Series).where(
        Series.status == "active",
        Series.horizon < horizon,
        or_(col(Series.ended).is_(None), col(Series.ended) > Series.horizon),
    )
    query = query.order_by(Series.horizon).limit(limit).with_for_update(skip_locked=True, of=Series)
    made = 0
    for series in session.scalars(query).all():
        plan = Plan.from_json(series.plan)
        # Of one that ends within the twelve weeks only until then: it may be let run on, and then nothing must lack.
        until = min(horizon, series.ended or horizon)
        visits = list(plan.occurrences(series.horizon, until))
        if visits:
            made += _extend(session, series, visits, now)
        series.horizon = until
    session.flush()
    return made


def _extend(session: Session, series: Series, visits: list[Occurrence], now: datetime) -> int:
    helper = session.get(Helper, series.helper_id)
    refused = unproven_days(session, helper, series.service, {visit.day for visit in visits})
    refused |= absent_days(session, series.helper_id, visits)
    rows = _rows(series, visits, now, None)
    good = [row for row, visit in zip(rows, visits, strict=True) if helper.active and visit.day not in refused]
    # One by one: within a statement of many rows it could not be told which of them were refused.
    planned = {row["key"] for row in good if _insert(session, row)}
    others = [row for row in rows if row["key"] not in planned]
    requested = [row["key"] for row in others if _insert(session, row | {"status": "requested"})]
    if requested:
        details = {"series": series.id, "visits": len(requested)}
        audit.record(session, "helper_missing", now=now, recipient=series.recipient, success=False, details=details)
    return len(planned) + len(requested)


def _insert(session: Session, row: dict[str, Any]) -> bool:
    """Insert a visit, unless it exists or is in the way of another; whether it was."""
    query = insert(Visit).values(**row).on_conflict_do_nothing().returning(Visit.id)
    return session.scalar(query) is not None


def undo(session: Session, series_ids: Collection[int], by: Contact, now: datetime) -> int:
    """Take back bookings just made: the series and all its visits still to come are cancelled; how many series.

    Once only. Raises PermissionError when `by` may not act for the recipient.
    """
    query = select(Series).where(col(Series.id).in_(list(series_ids))).order_by(Series.id).with_for_update(of=Series)
    undone = 0
    for series in session.scalars(query.execution_options(populate_existing=True)).all():
        may_act(session, series.recipient, by, now)
        if series.status not in ("active", "offered"):
            continue
        series.status, series.ended = "cancelled", local(now).date()
        _withdraw(session, series, by, now, now, "undone")
        audit.record(session, "undo", now=now, who=by, recipient=series.recipient, details={"series": series.id})
        undone += 1
    session.flush()
    return undone


def end_series(
    session: Session, series: Series, by: Contact, now: datetime, *, from_: date | None = None, why: str | None = None
) -> int:
    """End a series: visits from the local date `from_` on (from now when None) are cancelled; how many there were.

    Ending it again, or later than it ends already, changes nothing. Raises PermissionError when `by` may not act for
    the recipient.
    """
    may_act(session, series.recipient, by, now)
    query = select(Series).where(Series.id == series.id).with_for_update(of=Series)
    # Its helper may have answered meanwhile.
    series = session.scalars(query.execution_options(populate_existing=True)).one()
    last = from_ or local(now).date()
    if series.status in ("cancelled", "declined") or (series.ended is not None and series.ended <= last):
        return 0
    # One that ends later still runs, and gets its visits until then.
    series.status, series.ended = "ended" if last <= local(now).date() else series.status, last
    since = max(now, local(datetime.combine(last, datetime.min.time()))) if from_ else now
    cancelled = _withdraw(session, series, by, since, now, why)
    details = {"series": series.id, "from": last.isoformat(), "visits": cancelled}
    audit.record(session, "end_series", now=now, who=by, recipient=series.recipient, why=why, details=details)
    return cancelled


def _withdraw(session: Session, series: Series, by: Contact, since: datetime, now: datetime, why: str | None) -> int:
    """Cancel the visits of a series that begin at `since` or later, and what would have been said about them.

    Where it is over, so are those before that its helper was asked for and never agreed to: nobody came.
    """
    unanswered = and_(Visit.status == "offered", series.status != "offered")
    query = select(Visit).where(
        Visit.series_id == series.id,
        or_(Visit.starts >= since, unanswered),
        col(Visit.status).in_(("requested", "offered", "planned")),
    )
    visits = session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()
    for visit in visits:
        visit.status, visit.changed, visit.changed_by_id, visit.why = "cancelled", now, by.id, why
    session.flush()
    silence(session, [visit.id for visit in visits])
    return len(visits)


def silence(session: Session, visit_ids: Collection[int]) -> None:
    """Cancel messages not sent yet about these visits: reminders of what no longer takes place."""
    if visit_ids:
        query = update(Outbox).where(col(Outbox.visit_id).in_(list(visit_ids)), Outbox.status == "due")
        session.execute(query.values(status="cancelled").execution_options(synchronize_session="fetch"))
        reminding.withdraw(session, visit_ids)


def running(session: Session, recipient: Recipient, now: datetime, service: str | None = None) -> list[Series]:
    """The series of a recipient that have visits still to come, oldest first; of one service when given."""
    today = local(now).date()
    coming = select(func.count()).where(
        Visit.series_id == Series.id, Visit.ends > now.astimezone(timezone.utc), col(Visit.status).in_(OCCUPYING)
    )
    query = select(Series).where(
        Series.recipient_id == recipient.id,
        or_(col(Series.ended).is_(None), col(Series.ended) > today),
        coming.scalar_subquery() > 0,
    )
    if service is not None:
        query = query.where(Series.service == service)
    return list(session.scalars(query.order_by(Series.id)))
