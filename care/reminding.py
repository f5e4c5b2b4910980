"""Reminders of the visits of a day: one message names them all, so it is withdrawn with any of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from care.models import Helper, Mandate, Outbox, Recipient, Series, Visit, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

REMINDER = "reminder"
"""The kind of an outbox row that tells of the visits of a day."""
_AT_MOST_BEFORE = timedelta(hours=36)


def withdraw(session: Session, visit_ids: Collection[int]) -> int:
    """Withdraw reminders not sent yet that name one of these visits; how many there were.

    That of the other visits of the day goes with it: a missing reminder does less harm than a wrong one.
    """
    contacts = [
        select(Recipient.contact_id).where(Recipient.id == Visit.recipient_id),
        select(Helper.contact_id).where(Helper.id == Visit.helper_id),
        select(Series.created_by_id).where(Series.id == Visit.series_id),
        select(Mandate.family_id).where(Mandate.recipient_id == Visit.recipient_id),
    ]
    query = update(Outbox).where(
        col(Visit.id).in_(list(visit_ids)),
        Outbox.status == "due",
        Outbox.kind == REMINDER,
        Outbox.due <= Visit.starts,
        Outbox.due > Visit.starts - _AT_MOST_BEFORE,
        or_(*(col(Outbox.contact_id).in_(one.correlate(Visit)) for one in contacts)),
    )
    query = query.values(status="cancelled").execution_options(synchronize_session="fetch")
    return int(session.execute(query).rowcount)
