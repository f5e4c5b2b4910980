"""Letting the help at home rest with an open end, and having it begin again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from care import absences, audit
from care.booking import may_act, silence
from care.clock import local
from care.models import Contact, Recipient, Series, Visit, col
from care.visits import midnight

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WHY = "paused"
"""Why a visit was left out: by this it is known again when the help begins again."""
_EXCLUSION = "23P01"


@dataclass(frozen=True)
class Resumed:
    """The visits that stand again, and those whose helper has something else by now; both in order of time."""

    back: tuple[Visit, ...]
    lost: tuple[Visit, ...]


def pause(
    session: Session, series_ids: Collection[int], by: Contact, now: datetime, since: date | None = None
) -> list[Visit]:
    """Let running series rest until further notice: their visits to come (from the local date `since` on) are left out,
    and the helpers' time is free for others; the visits left out now.

    Series that do not run are passed over. Raises PermissionError when `by` may not act for a recipient.
    """
    left_out: list[Visit] = []
    for series in _locked(session, series_ids, "active"):
        may_act(session, series.recipient, by, now)
        series.status = "paused"
        visits = _visits(session, series, _begin(since, now), col(Visit.status).in_(("planned", "requested")))
        for visit in visits:
            visit.status, visit.changed, visit.changed_by_id, visit.why = "skipped", now, by.id, WHY
        session.flush()
        silence(session, [visit.id for visit in visits])
        left_out += visits
        details = {"series": series.id, "visits": len(visits)}
        audit.record(session, "pause", now=now, who=by, recipient=series.recipient, details=details)
    session.flush()
    return sorted(left_out, key=lambda visit: (visit.starts, visit.id))


def resume(
    session: Session, series_ids: Collection[int], by: Contact, now: datetime, since: date | None = None
) -> Resumed:
    """Let series that rest run again, from the local date `since` on when it is given. Where the helper was booked by
    another meanwhile, the visit stays left out.

    Series that do not rest are passed over. Raises PermissionError when `by` may not act for a recipient.
    """
    back: list[Visit] = []
    lost: list[Visit] = []
    for series in _locked(session, series_ids, "paused"):
        may_act(session, series.recipient, by, now)
        # Dates that went by meanwhile need no visits any more.
        series.status, series.horizon = "active", max(series.horizon, local(now).date(), since or date.min)
        session.flush()
        visits = _visits(session, series, _begin(since, now), Visit.status == "skipped", Visit.why == WHY)
        stand = _stand_again(session, visits, by, now)
        absences.enforce(session, series.helper, by=by, now=now)
        back += stand
        lost += [visit for visit in visits if visit not in stand]
        details = {"series": series.id, "visits": len(stand)}
        audit.record(session, "resume", now=now, who=by, recipient=series.recipient, details=details)
    session.flush()
    in_time = [sorted(visits, key=lambda visit: (visit.starts, visit.id)) for visits in (back, lost)]
    return Resumed(tuple(in_time[0]), tuple(in_time[1]))


def paused(session: Session, recipients: Collection[Recipient]) -> list[Series]:
    """The series of these recipients that rest, oldest first."""
    ids = [recipient.id for recipient in recipients]
    query = select(Series).where(col(Series.recipient_id).in_(ids), Series.status == "paused")
    return list(session.scalars(query.order_by(Series.id)))


def _begin(since: date | None, now: datetime) -> datetime:
    return max(now, midnight(since)) if since else now


def _locked(session: Session, series_ids: Collection[int], status: str) -> list[Series]:
    query = select(Series).where(col(Series.id).in_(list(series_ids))).order_by(Series.id).with_for_update(of=Series)
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    return [series for series in found if series.status == status]


def _visits(session: Session, series: Series, begin: datetime, *which: object) -> list[Visit]:
    query = select(Visit).where(Visit.series_id == series.id, Visit.starts > begin, *which)
    query = query.order_by(Visit.starts, Visit.id).with_for_update(of=Visit)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _stand_again(session: Session, visits: Sequence[Visit], by: Contact, now: datetime) -> list[Visit]:
    """Plan the visits again: all at once, or one by one when some of them are in the way of others."""
    if not visits or _planned(session, visits, by, now):
        return list(visits)
    return [visit for visit in visits if _planned(session, [visit], by, now)]


def _planned(session: Session, visits: Sequence[Visit], by: Contact, now: datetime) -> bool:
    try:
        with session.begin_nested():
            for visit in visits:
                visit.status, visit.changed, visit.changed_by_id, visit.why = "planned", now, by.id, None
            session.flush()
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != _EXCLUSION:
            raise
        return False
    return True
