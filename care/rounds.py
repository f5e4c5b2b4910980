"""The daily rounds: what is told or asked once a day, and how far that has come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from care.models import Mark, Visit
from care.visits import midnight

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def begin(session: Session, name: str, day: date) -> bool:
    """Take the round of a day: True for the one who may do it, False when it was done or another is at it.

    The mark is set in the caller's transaction: what the round writes and the mark stand or fall together.
    """
    if session.scalar(select(Mark.name).where(Mark.name == name)) is None:
        # Not tried where the mark exists: the attempt would wait for whoever is at the round.
        never = date.min + timedelta(days=1)
        session.execute(insert(Mark).values(name=name, reached=never).on_conflict_do_nothing())
    query = select(Mark).where(Mark.name == name, Mark.reached < day).with_for_update(skip_locked=True)
    mark: Mark | None = session.scalars(query.execution_options(populate_existing=True)).first()
    if mark is None:
        return False
    mark.reached = day
    session.flush()
    return True


def is_done(session: Session, name: str, day: date) -> bool:
    """Whether the round of a day was done; one look at one small row."""
    return session.scalar(select(Mark.name).where(Mark.name == name, Mark.reached >= day)) is not None


def visits_on(session: Session, day: date, now: datetime) -> list[Visit]:
    """The planned visits of a local date that are still to come, in order of time."""
    query = select(Visit).where(
        Visit.status == "planned",
        Visit.starts >= max(midnight(day), now),
        Visit.starts < midnight(day + timedelta(days=1)),
    )
    return list(session.scalars(query.order_by(Visit.starts, Visit.id)))
