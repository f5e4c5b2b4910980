"""Taking back the end of a series."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from care import audit
from care.booking import may_act
from care.models import Contact, Series, Visit, col
from care.visits import restore_visits

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def reopen_series(
    session: Session, series_ids: Collection[int], visit_ids: Collection[int], by: Contact, now: datetime
) -> list[Visit]:
    """Let ended series run again (or wait for their helper's answer), and put back the visits that their end cancelled;
    those put back.

    Series that run already are passed over. Raises SlotTaken, with nothing changed, when a helper has been booked by
    another meanwhile; PermissionError when `by` may not act for a recipient.
    """
    query = select(Series).where(col(Series.id).in_(list(series_ids)), _has_an_end())
    with session.begin_nested():
        for series in session.scalars(query.order_by(Series.id).with_for_update(of=Series)).all():
            may_act(session, series.recipient, by, now)
            # One that its helper never agreed to must be asked for again.
            series.status, series.ended = "offered" if series.accepted is None else "active", None
            details = {"series": series.id}
            audit.record(session, "reopen_series", now=now, who=by, recipient=series.recipient, details=details)
        session.flush()
        return restore_visits(session, visit_ids, by, now)


def _has_an_end() -> Any:
    """Whether a series was ended, or will end on a date to come and runs until then."""
    return or_(
        Series.status == "ended", and_(col(Series.status).in_(("active", "offered")), col(Series.ended).is_not(None))
    )
