"""What became of the messages that a channel took."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from care.models import Delivery, Outbox, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_RANK = {"sent": 0, "delivered": 1, "failed": 2}


def sent_parts(session: Session, row: Outbox) -> dict[int, str | None]:
    """The parts of a message that the channel has taken, by number, with the channel's ids."""
    query = select(col(Delivery.part), col(Delivery.outside_id)).where(Delivery.outbox_id == row.id)
    return {int(found[0]): found[1] for found in session.execute(query)}


def record(
    session: Session,
    row: Outbox,
    part: int,
    outside_id: str | None,
    now: datetime,
    status: str = "sent",
    error: str | None = None,
) -> None:
    """The channel took a part, or tells what became of it. News that is older than what is known changes nothing."""
    values = {
        "outbox_id": row.id,
        "part": part,
        "channel": row.channel,
        "outside_id": outside_id,
        "status": status,
        "error": error,
        "changed": now,
    }
    made = insert(Delivery).values(**values)
    known = ["sent", "delivered"][: _RANK[status]]
    newer = {"status": status, "error": error, "changed": now, "outside_id": outside_id}
    if known:
        session.execute(
            made.on_conflict_do_update(
                index_elements=["outbox_id", "part"], set_=newer, where=col(Delivery.status).in_(known)
            )
        )
    else:
        session.execute(made.on_conflict_do_nothing())


def forget(session: Session, row: Outbox) -> None:
    """The whole message is to be sent anew: nothing of it got through."""
    session.execute(delete(Delivery).where(Delivery.outbox_id == row.id))


def find(session: Session, channels: Collection[str], outside_id: str) -> tuple[int, int] | None:
    """The message (its id in the outbox) and the part that one of these channels took under an id of its own."""
    query = select(col(Delivery.outbox_id), col(Delivery.part)).where(
        Delivery.outside_id == outside_id, col(Delivery.channel).in_(list(channels))
    )
    found = session.execute(query).first()
    return (int(found[0]), int(found[1])) if found else None


def ids_at(session: Session, row: Outbox) -> frozenset[str]:
    """The channel's ids of all it took for this person."""
    query = select(col(Delivery.outside_id)).join(Outbox, Outbox.id == Delivery.outbox_id)
    query = query.where(Outbox.contact_id == row.contact_id, Outbox.channel == row.channel)
    return frozenset(session.scalars(query.where(col(Delivery.outside_id).is_not(None))))


def state(session: Session, row: Outbox, parts: int) -> str:
    """What became of a message of so many parts: `failed` when one did, `delivered` when all were, else `sent`."""
    statuses = list(session.scalars(select(col(Delivery.status)).where(Delivery.outbox_id == row.id)))
    if "failed" in statuses:
        return "failed"
    return "delivered" if statuses.count("delivered") >= max(parts, 1) else "sent"
