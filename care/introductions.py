"""Meeting first: the first visit of a series as a short introduction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from care.models import Series, Visit, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LENGTH = timedelta(minutes=30)
"""Half an hour is the custom of volunteer organisations for a first meeting; proposed by this project."""
WHY, ASKED = "introduction", "introduction asked after"
_LATEST = timedelta(days=2)
"""A meeting longer ago than this is asked after no more: the person has seen the helper again since."""


def begin_with_one(session: Session, series: Series) -> Visit | None:
    """Make the first visit of a series that was just made an introduction, shortened to half an hour; None when it has
    no visit.
    """
    query = select(Visit).where(Visit.series_id == series.id).order_by(Visit.starts).limit(1)
    visit: Visit | None = session.scalars(query.with_for_update(of=Visit)).first()
    if visit is not None:
        visit.ends = min(visit.ends, visit.starts + LENGTH)
        visit.why = WHY
        session.flush()
    return visit


def begins_with_one(session: Session, series: Series) -> bool:
    """Whether the series begins with an introduction that is still to come or to be asked after."""
    query = select(Visit.id).where(Visit.series_id == series.id, Visit.why == WHY).limit(1)
    return session.scalar(query) is not None


def to_ask_after(session: Session, ended: datetime, limit: int = 20) -> list[Visit]:
    """The introductions that were over by `ended` and were not asked after yet, locked; those another process holds are
    passed over.
    """
    over = [Visit.ends <= ended, Visit.starts > ended - _LATEST, Visit.why == WHY]
    query = select(Visit).where(*over, col(Visit.status).in_(("planned", "started", "done", "approved")))
    query = query.order_by(Visit.starts).limit(limit).with_for_update(of=Visit, skip_locked=True)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def asked_after(session: Session, visit: Visit) -> None:
    """The introduction was asked after."""
    visit.why = ASKED
    session.flush()
