"""The course of a visit: the helper is there, runs late, is done; and whether the hours are right.

Real times are kept beside the planned ones (`CheckIn`), which stay as they were agreed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from care import audit, daily
from care.booking import may_act, silence
from care.clock import between, later
from care.models import CheckIn, Contact, Helper, Series, Visit, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NOTHING = timedelta(0)


def nearest(session: Session, helper: Helper, now: datetime, statuses: Collection[str]) -> Visit | None:
    """The visit of the helper in one of these statuses that begins nearest to now, within an hour before its start and
    three hours after it, or that is going on; None when there is none.
    """
    query = select(Visit).where(
        Visit.helper_id == helper.id,
        Visit.starts <= later(now, daily.CHECK_IN_BEFORE),
        Visit.starts > later(now, -timedelta(days=1)),
        col(Visit.status).in_(list(statuses)),
    )
    earliest = later(now, -daily.CHECK_IN_AFTER)
    found = [one for one in session.scalars(query) if between(now, one.ends) > _NOTHING or one.starts > earliest]
    return min(found, key=lambda visit: (abs(between(now, visit.starts)), visit.id), default=None)


def arrive(session: Session, visit: Visit, by: Contact | None, now: datetime, at: datetime | None = None) -> bool:
    """The helper is there (since `at`, aware; else since now): the visit has `started`; whether it had not before.

    A visit of the same helper that was still under way is over then.
    """
    taken = _locked(session, visit)
    if taken.status != "planned":
        return False
    _end_others(session, taken, by, now)
    _put(session, taken.id, arrived=at or now)
    _set(taken, "started", by, now)
    silence(session, [taken.id])
    session.flush()
    return True


def _end_others(session: Session, visit: Visit, by: Contact | None, now: datetime) -> None:
    query = select(Visit).where(
        Visit.helper_id == visit.helper_id,
        Visit.starts > later(now, -timedelta(days=2)),
        Visit.starts < visit.starts,
        Visit.status == "started",
    )
    for other in session.scalars(query.with_for_update(of=Visit)).all():
        depart(session, other, by, now, min(now, other.ends))


def depart(session: Session, visit: Visit, by: Contact | None, now: datetime, at: datetime | None = None) -> bool:
    """The visit is `done` (the helper left `at`, else now); whether it was not before.

    Of a helper who never said to be there, the planned start counts as the arrival. Raises ValueError when the helper
    would have left before arriving.
    """
    taken = _locked(session, visit)
    if taken.status not in ("planned", "started"):
        return False
    known = check_in(session, taken)
    arrived = known.arrived if known is not None and known.arrived is not None else min(taken.starts, at or now)
    if (at or now) < arrived:
        message = "nobody leaves before having come"
        raise ValueError(message)
    _put(session, taken.id, arrived=arrived, departed=at or now)
    _set(taken, "done", by, now)
    silence(session, [taken.id])
    session.flush()
    return True


def run_late(session: Session, visit: Visit, expected: datetime) -> None:
    """The helper will be there at `expected` (aware) only."""
    _put(session, visit.id, expected=expected)


def deny(session: Session, visit: Visit, now: datetime) -> None:
    """The recipient says that nobody is there."""
    _put(session, visit.id, denied=now)


def miss(session: Session, visit: Visit, by: Contact | None, now: datetime) -> bool:
    """The visit does not happen, or did not: it is `missed`; whether it was not before."""
    taken = _locked(session, visit)
    if taken.status != "planned":
        return False
    _set(taken, "missed", by, now)
    silence(session, [taken.id])
    session.flush()
    audit.record(session, "missed", now=now, who=by, recipient=taken.series.recipient, details={"visit": taken.id})
    return True


def check_in(session: Session, visit: Visit) -> CheckIn | None:
    """What is known of the course of a visit."""
    found: CheckIn | None = session.get(CheckIn, visit.id, populate_existing=True)
    return found


# Hours -------------------------------------------------------------------------------------------------------------


def to_review(session: Session, now: datetime, *, recurring: bool, limit: int = 500) -> list[Visit]:
    """Visits of the last days that are done, with real times, which the recipient was not asked about yet, by
    recipient; those of `recurring` help too, or single ones only.
    """
    query = (
        select(Visit)
        .join(CheckIn, CheckIn.visit_id == Visit.id)
        .join(Series, Series.id == Visit.series_id)
        .where(
            col(CheckIn.departed) > later(now, -daily.REVIEW_WITHIN),
            col(CheckIn.departed) <= now,
            col(CheckIn.reviewed).is_(None),
            Visit.status == "done",
        )
        .order_by(Visit.recipient_id, Visit.starts)
        .limit(limit)
    )
    if not recurring:
        query = query.where(col(Series.plan)["rrule"].astext.is_(None))
    return list(session.scalars(query))


def reviewed(session: Session, visit_ids: Collection[int], now: datetime) -> None:
    """The recipient was asked about the hours of these visits."""
    query = update(CheckIn).where(col(CheckIn.visit_id).in_(list(visit_ids))).values(reviewed=now)
    session.execute(query.execution_options(synchronize_session=False))


def approve(session: Session, visit_ids: Collection[int], by: Contact, now: datetime) -> list[Visit]:
    """The hours of these visits are right; those approved now.

    Raises PermissionError when `by` may not act for a recipient.
    """
    return _judge(session, visit_ids, "approved", by, now)


def dispute(session: Session, visit_ids: Collection[int], by: Contact, now: datetime) -> list[Visit]:
    """The hours of these visits are not right: a person must look at them; those disputed now. See `approve`."""
    return _judge(session, visit_ids, "disputed", by, now)


def _judge(session: Session, visit_ids: Collection[int], status: str, by: Contact, now: datetime) -> list[Visit]:
    query = select(Visit).where(col(Visit.id).in_(list(visit_ids)), Visit.status == "done").order_by(Visit.id)
    visits = list(session.scalars(query.with_for_update(of=Visit).execution_options(populate_existing=True)))
    for visit in visits:
        may_act(session, visit.series.recipient, by, now)
        _set(visit, status, by, now)
        audit.record(session, status, now=now, who=by, recipient=visit.series.recipient, details={"visit": visit.id})
    session.flush()
    return visits


# What the clock finds ----------------------------------------------------------------------------------------------


def late(session: Session, now: datetime, limit: int = 50) -> list[Visit]:
    """Visits that should have begun twenty minutes ago or more (two hours at most) without a word of their helper, who
    knows that they should say so; locked. Those already asked about are not among them.
    """
    query = (
        select(Visit)
        .join(Helper, Helper.id == Visit.helper_id)
        .outerjoin(CheckIn, CheckIn.visit_id == Visit.id)
        .where(
            Visit.status == "planned",
            Visit.starts > later(now, -daily.LATE_WITHIN),
            Visit.starts <= later(now, -daily.LATE_AFTER),
            Visit.ends > later(now, -daily.LATE_WITHIN),
            col(Helper.checks_in).is_(True),
            col(CheckIn.asked).is_(None),
            (col(CheckIn.expected).is_(None)) | (col(CheckIn.expected) <= later(now, -daily.LATE_AFTER)),
        )
        .order_by(Visit.starts, Visit.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Visit)
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


def asked(session: Session, visit: Visit, now: datetime) -> None:
    """Both sides were asked whether the helper is there."""
    _put(session, visit.id, asked=now)


def unanswered(session: Session, now: datetime, limit: int = 50) -> list[Visit]:
    """Visits asked about twenty minutes ago or more (a few hours at most) that nobody said yes to, locked."""
    query = (
        select(Visit)
        .join(CheckIn, CheckIn.visit_id == Visit.id)
        .where(
            col(CheckIn.asked) <= later(now, -daily.ESCALATE_AFTER),
            col(CheckIn.asked) > later(now, -daily.LATE_WITHIN),
            col(CheckIn.escalated).is_(None),
            col(CheckIn.arrived).is_(None),
            Visit.status == "planned",
            (col(CheckIn.expected).is_(None)) | (col(CheckIn.expected) <= later(now, -daily.ESCALATE_AFTER)),
        )
        .order_by(CheckIn.asked, Visit.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Visit)
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


def escalated(session: Session, visit: Visit, now: datetime) -> None:
    """A coordinator was told that nobody knows where the helper is."""
    _put(session, visit.id, escalated=now)


def close_old(session: Session, now: datetime, limit: int = 1000) -> int:
    """Visits over for a day that nobody reported are taken for done, those the recipient said nobody came to for
    missed; how many (at most `limit`). Nobody approved them.
    """
    query = (
        select(Visit.id, CheckIn.denied)
        .outerjoin(CheckIn, CheckIn.visit_id == Visit.id)
        .where(
            col(Visit.status).in_(("planned", "started")),
            # The start bounds the search by the index; no visit is longer than a day.
            Visit.starts < later(now, -daily.CLOSED_AFTER),
            Visit.ends < later(now, -daily.CLOSED_AFTER),
        )
        .order_by(Visit.starts)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Visit)
    )
    found = session.execute(query).all()
    for status, wanted in (("missed", True), ("done", False)):
        ids = [visit_id for visit_id, denied in found if (denied is not None) == wanted]
        if ids:
            change = update(Visit).where(col(Visit.id).in_(ids)).values(status=status, changed=now, changed_by_id=None)
            session.execute(change.execution_options(synchronize_session="fetch"))
    return len(found)


# ---------------------------------------------------------------------------------------------------------------------


def _locked(session: Session, visit: Visit) -> Visit:
    query = select(Visit).where(Visit.id == visit.id).with_for_update(of=Visit)
    taken: Visit = session.scalars(query.execution_options(populate_existing=True)).one()
    return taken


def _set(visit: Visit, status: str, by: Contact | None, now: datetime) -> None:
    visit.status, visit.changed, visit.changed_by_id = status, now, None if by is None else by.id


def _put(session: Session, visit_id: int, **moments: Any) -> None:
    """Note moments of the course of a visit; others known stay."""
    put = insert(CheckIn).values(visit_id=visit_id, **moments)
    session.execute(put.on_conflict_do_update(index_elements=["visit_id"], set_=moments))
    session.flush()
