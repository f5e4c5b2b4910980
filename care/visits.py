"""The visit book: what is coming, and leaving out or cancelling visits that stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from care import audit
from care.booking import SlotTaken, extend_horizon, may_act, silence
from care.clock import TZ, local
from care.models import OCCUPYING, Absence, Contact, Helper, Recipient, Series, SubstitutedVisit, Visit, col
from care.people import recipients_for
from care.plans import Plan
from care.schedule import Json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COMING = ("planned", "started", "done", "approved", "disputed")
"""The statuses in which somebody comes, or came."""
EXPECTED = ("offered", *COMING)
"""Those, and the visits whose helper has not answered yet."""

__all__ = [
    "COMING",
    "EXPECTED",
    "VisitLine",
    "cancel_visits",
    "extend_horizon",
    "move_visits",
    "restore_visits",
    "skip_period",
    "skip_visits",
    "visits_of",
    "who_is_coming",
]


@dataclass(frozen=True)
class VisitLine:
    """A visit as people see it; `start` and `end` are local. `helper` is a name, `recipient` too."""

    visit: int
    series: int
    service: str
    start: datetime
    end: datetime
    status: str
    helper: str
    helper_kind: str
    helper_id: int
    recipient: str
    recipient_id: int

    def to_json(self) -> Json:
        """The line of `thuisbel visits`."""
        return {
            "visit": self.visit,
            "series": self.series,
            "service": self.service,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "status": self.status,
            "helper": self.helper,
            "helper_kind": self.helper_kind,
        }


def visits_of(session: Session, contact: Contact, start: date, days: int, now: datetime) -> list[VisitLine]:
    """The visits that begin on the local dates from `start`, `days` long, in order; also those left out or cancelled.

    For a recipient their own, for family those of the recipients they may see, for a helper the visits they make.
    """
    recipients = [recipient.id for recipient in recipients_for(session, contact, now)]
    helper: int | None = session.scalar(select(Helper.id).where(Helper.contact_id == contact.id))
    found = []
    if recipients:
        found += _lines(session, start, days, col(Visit.recipient_id).in_(recipients))
    if helper is not None:
        found += _lines(session, start, days, Visit.helper_id == helper)
    return sorted({line.visit: line for line in found}.values(), key=lambda line: (line.start, line.visit))


def who_is_coming(session: Session, recipient: Recipient, day: date) -> list[VisitLine]:
    """Who comes to the recipient on a local date, in order of time; a night that began the day before is not in it."""
    return _lines(session, day, 1, Visit.recipient_id == recipient.id, col(Visit.status).in_(COMING))


def _lines(session: Session, start: date, days: int, *which: Any) -> list[VisitLine]:
    since, until = midnight(start), midnight(start + timedelta(days=days))
    query = (
        select(Visit, Contact.name, Helper.kind, Recipient.name)
        .join(Helper, Helper.id == Visit.helper_id)
        .join(Contact, Contact.id == Helper.contact_id)
        .join(Recipient, Recipient.id == Visit.recipient_id)
        .where(*which, Visit.starts >= since, Visit.starts < until)
        .order_by(Visit.starts, Visit.id)
    )
    return [
        VisitLine(
            visit=visit.id,
            series=visit.series_id,
            service=visit.service,
            start=visit.starts.astimezone(TZ),
            end=visit.ends.astimezone(TZ),
            status=visit.status,
            helper=helper or "",
            helper_kind=kind,
            helper_id=visit.helper_id,
            recipient=recipient,
            recipient_id=visit.recipient_id,
        )
        for visit, helper, kind, recipient in session.execute(query).all()
    ]


def midnight(day: date) -> datetime:
    """The moment a local date begins."""
    return local(datetime.combine(day, time()))


def skip_visits(
    session: Session, visit_ids: Collection[int], by: Contact, now: datetime, why: str | None = None
) -> list[Visit]:
    """Leave these visits out; the series goes on. Returns those that were left out now.

    Visits that began, or that were left out already, are passed over. Raises PermissionError when `by` may not act for
    a recipient.
    """
    return _change(session, col(Visit.id).in_(list(visit_ids)), "skipped", by, now, why)


def cancel_visits(
    session: Session, visit_ids: Collection[int], by: Contact, now: datetime, why: str | None = None
) -> list[Visit]:
    """Cancel these visits; the series goes on. Returns those that were cancelled now; see `skip_visits`."""
    return _change(session, col(Visit.id).in_(list(visit_ids)), "cancelled", by, now, why)


def move_visits(
    session: Session, visit_ids: Collection[int], by: Contact, now: datetime, why: str | None = None
) -> list[Visit]:
    """Take these visits off: others take their place. Returns those taken off; see `skip_visits`."""
    return _change(session, col(Visit.id).in_(list(visit_ids)), "moved", by, now, why)


def skip_period(
    session: Session,
    recipient: Recipient,
    *,
    by: Contact,
    now: datetime,
    dates: Sequence[date] = (),
    from_: date | None = None,
    until: date | None = None,
    service: str | None = None,
    why: str | None = None,
) -> list[Visit]:
    """Leave out the visits of a period; those that were left out now.

    The period is these local `dates`, or from `from_` to `until` (the last day included); for one service or for all.
    Dates further ahead than visits have been made are kept with the series, so that none will be made on them. Raises
    ValueError when neither dates nor a whole period are given; PermissionError when `by` may not act for the recipient.
    """
    days = set(dates)
    if from_ is not None and until is not None:
        days |= {from_ + timedelta(days=ahead) for ahead in range((until - from_).days + 1)}
    if not days:
        message = "say which dates, or from when until when"
        raise ValueError(message)
    may_act(session, recipient, by, now)
    _leave_out_later(session, recipient, days, service)
    first, last = min(days), max(days)
    which = [Visit.recipient_id == recipient.id, Visit.starts >= midnight(first)]
    which.append(Visit.starts < midnight(last + timedelta(days=1)))
    if service is not None:
        which.append(Visit.service == service)
    ids = [
        visit_id
        for visit_id, starts in session.execute(select(Visit.id, Visit.starts).where(*which)).all()
        if starts.astimezone(TZ).date() in days
    ]
    return skip_visits(session, ids, by, now, why)


def _leave_out_later(session: Session, recipient: Recipient, days: set[date], service: str | None) -> None:
    query = select(Series).where(
        Series.recipient_id == recipient.id,
        col(Series.status).in_(("active", "offered")),
        Series.horizon <= max(days),
    )
    if service is not None:
        query = query.where(Series.service == service)
    for series in session.scalars(query.with_for_update(of=Series)).all():
        later = {day for day in days if day >= series.horizon}
        plan = series.plan
        exdates = sorted({*plan["exdates"], *(day.isoformat() for day in later)})
        if exdates != plan["exdates"]:
            series.plan = Plan.from_json({**plan, "exdates": exdates}).to_json()
    session.flush()


def _change(session: Session, which: Any, status: str, by: Contact, now: datetime, why: str | None) -> list[Visit]:
    """Give visits still to come another status, and take back what would have been said about them."""
    query = select(Visit).where(which, col(Visit.status).in_(("requested", "offered", "planned")), Visit.starts > now)
    query = query.order_by(Visit.starts, Visit.id).with_for_update(of=Visit)
    visits: list[Visit] = list(session.scalars(query.execution_options(populate_existing=True)).all())
    for recipient in _recipients(session, visits):
        may_act(session, recipient, by, now)
        ids = [visit.id for visit in visits if visit.recipient_id == recipient.id]
        audit.record(session, status, now=now, who=by, recipient=recipient, why=why, details={"visits": ids})
    for visit in visits:
        visit.status, visit.changed, visit.changed_by_id, visit.why = status, now, by.id, why
    session.flush()
    silence(session, [visit.id for visit in visits])
    return visits


def restore_visits(session: Session, visit_ids: Collection[int], by: Contact, now: datetime) -> list[Visit]:
    """Put back visits that were left out, moved or cancelled; those put back now.

    Of a series whose helper has not agreed yet they wait for the answer with the others. One that somebody else makes
    instead, or the other way round, is passed over: nobody should stand at the door twice.

    Raises SlotTaken, with nothing changed, when the helper has been booked by another meanwhile; PermissionError when
    `by` may not act for a recipient.
    """
    query = select(Visit).join(Series, Series.id == Visit.series_id)
    query = query.where(
        col(Visit.id).in_(list(visit_ids)),
        col(Visit.status).in_(("skipped", "cancelled", "moved")),
        Visit.starts > now,
        col(Series.status).in_(("active", "offered")),
        ~_made_by_another(),
    )
    query = query.order_by(Visit.starts, Visit.id).with_for_update(of=Visit)
    visits: list[Visit] = list(session.scalars(query.execution_options(populate_existing=True)).all())
    recipients = _recipients(session, visits)
    for recipient in recipients:
        may_act(session, recipient, by, now)
    days = {visit.starts.astimezone(TZ).date() for visit in visits}
    away = {visit.starts.astimezone(TZ).date() for visit in visits if is_away(session, visit)}
    if away:
        raise SlotTaken("absent", away)
    try:
        with session.begin_nested():
            for visit in visits:
                visit.status = "offered" if visit.series.accepted is None else "planned"
                visit.changed, visit.changed_by_id, visit.why = now, by.id, None
            session.flush()
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != "23P01":
            raise
        raise SlotTaken("taken", days) from error
    for recipient in recipients:
        ids = [visit.id for visit in visits if visit.recipient_id == recipient.id]
        audit.record(session, "restore", now=now, who=by, recipient=recipient, details={"visits": ids})
    return visits


def _made_by_another() -> Any:
    """Whether the visit that was put in the place of a visit, or in whose place it was put, stands."""
    other = aliased(Visit)
    substituted = or_(
        and_(SubstitutedVisit.visit_id == Visit.id, SubstitutedVisit.new_visit_id == other.id),
        and_(SubstitutedVisit.new_visit_id == Visit.id, SubstitutedVisit.visit_id == other.id),
    )
    return exists().where(substituted, col(other.status).in_(OCCUPYING))


def is_away(session: Session, visit: Visit) -> bool:
    """Whether the helper of a visit is away then."""
    query = select(Absence.id).where(
        Absence.helper_id == visit.helper_id, Absence.starts < visit.ends, Absence.ends > visit.starts
    )
    return session.scalar(query.limit(1)) is not None


def _recipients(session: Session, visits: Sequence[Visit]) -> list[Recipient]:
    ids = {visit.recipient_id for visit in visits}
    if not ids:
        return []
    return list(session.scalars(select(Recipient).where(col(Recipient.id).in_(ids)).order_by(Recipient.id)).all())
