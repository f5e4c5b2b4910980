"""A helper is away: which visits lose their helper, and what comes back when the helper does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select
from sqlalchemy.exc import DBAPIError

from care import audit
from care.booking import silence
from care.circle import may_speak_for
from care.models import Absence, Contact, Helper, Visit, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ABSENT = "absent"
"""Why a visit has no helper: the one who would come is away."""
_EXCLUSION = "23P01"


@dataclass(frozen=True)
class Away:
    """An absence as it was recorded, and the visits that have no helper now because of it, in order of time."""

    absence: Absence
    visits: tuple[Visit, ...]


def record(session: Session, helper: Helper, starts: datetime, ends: datetime, *, by: Contact, now: datetime) -> Away:
    """Note that the helper is away from `starts` until before `ends` (aware), and take the visits then from them.

    These visits become `requested`: nobody comes unless a substitute is found (`care.substitutes`). An absence that
    overlaps or touches one known already extends that one, so saying it twice changes nothing the second time. Raises
    ValueError when it would end before it starts; PermissionError unless `by` is the helper or their coordinator.
    """
    if starts >= ends:
        message = "an absence must end after it starts"
        raise ValueError(message)
    may_speak_for(session, helper, by)
    _lock(session, helper)
    query = select(Absence).where(Absence.helper_id == helper.id, Absence.starts <= ends, Absence.ends >= starts)
    known = list(session.scalars(query.order_by(Absence.starts).with_for_update()))
    starts, ends = min([starts, *(one.starts for one in known)]), max([ends, *(one.ends for one in known)])
    for surplus in known[1:]:
        session.delete(surplus)
    session.flush()
    if known:
        absence = known[0]
        absence.starts, absence.ends = starts, ends
    else:
        absence = Absence(helper_id=helper.id, starts=starts, ends=ends)
        session.add(absence)
    session.flush()
    visits = _without_helper(session, helper, absence, by, now)
    details = {"helper": helper.id, "absence": absence.id, "visits": [visit.id for visit in visits]}
    audit.record(session, "absence", now=now, who=by, details=details)
    return Away(absence, tuple(visits))


def enforce(session: Session, helper: Helper, *, by: Contact | None, now: datetime) -> list[Visit]:
    """Take visits from the helper that were agreed on for a time at which they had said to be away; those taken."""
    away = exists().where(
        Absence.helper_id == Visit.helper_id, Absence.starts < Visit.ends, Absence.ends > Visit.starts
    )
    query = select(Visit).where(Visit.helper_id == helper.id, Visit.starts > now, Visit.status == "planned", away)
    return _take(session, query, by, now)


def affected(session: Session, helper: Helper, starts: datetime, ends: datetime, now: datetime) -> list[Visit]:
    """The visits still to come or under way that the helper would make between these moments, in order of time."""
    query = select(Visit).where(
        Visit.helper_id == helper.id,
        Visit.starts < ends,
        Visit.ends > starts,
        Visit.ends > now,
        Visit.status == "planned",
    )
    return list(session.scalars(query.order_by(Visit.starts, Visit.id)))


def _without_helper(session: Session, helper: Helper, absence: Absence, by: Contact, now: datetime) -> list[Visit]:
    ids = [visit.id for visit in affected(session, helper, absence.starts, absence.ends, now)]
    return _take(session, select(Visit).where(col(Visit.id).in_(ids), Visit.status == "planned"), by, now)


def _take(session: Session, query: Any, by: Contact | None, now: datetime) -> list[Visit]:
    query = query.order_by(Visit.starts, Visit.id).with_for_update(of=Visit)
    visits = list(session.scalars(query.execution_options(populate_existing=True)))
    for visit in visits:
        visit.status, visit.changed, visit.changed_by_id, visit.why = "requested", now, by and by.id, ABSENT
    session.flush()
    silence(session, [visit.id for visit in visits])
    return visits


def come_back(
    session: Session, helper: Helper, *, by: Contact, now: datetime, since: datetime | None = None
) -> tuple[Absence | None, list[Visit]]:
    """The helper is there again: the absence under way ends now (or `since` then), or the next one is taken back.

    Visits to come that nobody else took are `planned` again and returned; one at a time the helper has been given
    other work for stays as it is. The absence is None when there was none. Raises PermissionError unless `by` is the
    helper or their coordinator.
    """
    may_speak_for(session, helper, by)
    _lock(session, helper)
    query = select(Absence).where(Absence.helper_id == helper.id, Absence.ends > now)
    absence: Absence | None = session.scalars(query.order_by(Absence.starts).with_for_update()).first()
    if absence is None:
        return None, []
    begin = max(now, min(since or now, absence.ends))
    span = (max(absence.starts, begin), absence.ends)
    if absence.starts < begin:
        absence.ends = begin
    else:
        session.delete(absence)
    session.flush()
    back = _put_back(session, helper, span, by, now)
    details = {"helper": helper.id, "visits": [visit.id for visit in back]}
    audit.record(session, "absence_over", now=now, who=by, details=details)
    return absence, back


def _put_back(
    session: Session, helper: Helper, span: tuple[datetime, datetime], by: Contact, now: datetime
) -> list[Visit]:
    query = select(Visit).where(
        Visit.helper_id == helper.id,
        Visit.starts < span[1],
        Visit.ends > span[0],
        # One that begins while the helper is still away stays without them.
        Visit.starts >= span[0],
        Visit.starts > now,
        Visit.status == "requested",
        Visit.why == ABSENT,
    )
    query = query.order_by(Visit.starts, Visit.id).with_for_update(of=Visit)
    back = []
    for visit in session.scalars(query.execution_options(populate_existing=True)).all():
        try:
            with session.begin_nested():
                visit.status, visit.changed, visit.changed_by_id, visit.why = "planned", now, by.id, None
                session.flush()
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) != _EXCLUSION:
                raise
            session.refresh(visit)
        else:
            back.append(visit)
    return back


def _lock(session: Session, helper: Helper) -> None:
    """As booking does, so that nothing is booked for the helper meanwhile."""
    session.execute(select(Helper.id).where(Helper.id == helper.id).with_for_update(of=Helper, key_share=True))
