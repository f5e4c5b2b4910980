"""What became of the messages that a channel took."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy import text as sql

from care.models import Delivery, Outbox, col

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Session


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
) -> bool:
    """The channel took a part, or tells what became of it; False when it is older than what is known already, and
    changes nothing.
    """
    return _record(session, (row.id, part), row.channel, outside_id, now, status, error)


@dataclass(frozen=True)
class Told:
    """What a channel tells of a part of a message of ours, by its own id: that it was `sent` or `delivered`."""

    message: int
    part: int
    outside_id: str
    status: str


def told(to: Session | Connection, news: Sequence[Told], channels: Collection[str], now: datetime) -> frozenset[int]:
    """These channels tell of messages: which of them there are.

    With all its parts delivered a message is, unless the courier still holds it: that looks at the news itself. All of
    it goes to the database at once, so a connection that commits every statement by itself will do.
    """
    # Of two that came together about the same part only one can be written.
    newest = {(one.message, one.part): one for one in sorted(news, key=lambda one: one.status == "delivered")}
    values = {
        "delivered": [one.message for one in newest.values() if one.status == "delivered"],
        "ids": [one.message for one in newest.values()],
        "parts": [one.part for one in newest.values()],
        "outside_ids": [one.outside_id for one in newest.values()],
        "statuses": [one.status for one in newest.values()],
        "channels": list(channels),
        "changed": now,
    }
    return frozenset(to.execute(_TELL, values).scalars())


# In order of their ids, as in `mark_sent`. Statements of their own: who waited for the courier in the first sees in the
# second what that has written.
_TELL = sql(
    "INSERT INTO deliveries (outbox_id, part, channel, outside_id, status, changed)"
    " SELECT outbox.id, news.part, channel, news.outside_id, news.status, :changed"
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:parts AS int[]), CAST(:outside_ids AS text[]),"
    " CAST(:statuses AS text[])) AS news (id, part, outside_id, status) JOIN outbox ON outbox.id = news.id"
    " WHERE channel = ANY(CAST(:channels AS text[])) ORDER BY 1, 2"
    " ON CONFLICT (outbox_id, part) DO UPDATE SET"
    " status = excluded.status, error = NULL, changed = excluded.changed, outside_id = excluded.outside_id"
    " WHERE deliveries.status = 'sent' AND excluded.status = 'delivered';"
    " UPDATE outbox SET status = 'delivered' WHERE id IN (SELECT id FROM outbox"
    " WHERE id = ANY(CAST(:delivered AS bigint[])) AND channel = ANY(CAST(:channels AS text[])) AND status = 'sent'"
    " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)"
    " AND NOT EXISTS (SELECT FROM deliveries WHERE outbox_id = outbox.id AND deliveries.status <> 'delivered');"
    " SELECT id FROM outbox WHERE id = ANY(CAST(:ids AS bigint[])) AND channel = ANY(CAST(:channels AS text[]))"
)


def _record(
    session: Session,
    place: tuple[int, int],
    channel: str,
    outside_id: str | None,
    now: datetime,
    status: str,
    error: str | None,
) -> bool:
    values = {
        "outbox_id": place[0],
        "part": place[1],
        "channel": channel,
        "outside_id": outside_id,
        "status": status,
        "error": error,
        "changed": now,
    }
    return session.scalar(_RECORD, {**values, "older": _OLDER[status]}) is not None


def mark_sent(
    session: Session, channel: str, messages: Sequence[tuple[int, str | None]], now: datetime
) -> frozenset[int]:
    """The channel took these messages of one part, claimed before: their ids, and the channel's. Which of them the
    channel told of already: that stays as it is.

    One statement for all. In order of their ids, as news are: who writes several waits for nobody who waits for them.
    """
    rows = [{"id": number, "outside_id": outside_id} for number, outside_id in messages]
    values = {"rows": json.dumps(rows), "channel": channel, "now": now}
    return frozenset(number for number, _ in messages) - frozenset(session.scalars(_MARK_SENT, values))


_MARK_SENT = sql(
    "WITH taken AS (SELECT (row->>'id')::bigint AS id, row->>'outside_id' AS outside_id"
    " FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS row),"
    " marked AS (UPDATE outbox SET status = 'sent', sent = :now, attempts = attempts + 1,"
    " outside_id = taken.outside_id FROM taken WHERE outbox.id = taken.id)"
    " INSERT INTO deliveries (outbox_id, part, channel, outside_id, status, changed)"
    " SELECT id, 0, :channel, outside_id, 'sent', :now FROM taken ORDER BY id"
    " ON CONFLICT (outbox_id, part) DO NOTHING RETURNING outbox_id"
)


def settle(session: Session, messages: Collection[int]) -> frozenset[int]:
    """Messages marked as sent of which the channel has told all it will: those delivered are marked, and the ids of
    those that failed are given back, for the caller to deal with.
    """
    if not messages:
        return frozenset()
    session.execute(_SETTLE, {"ids": list(messages)})
    return frozenset(session.scalars(_FAILED, {"ids": list(messages)}))


_SETTLE = sql(
    "UPDATE outbox SET status = 'delivered' WHERE id IN (SELECT id FROM outbox WHERE id = ANY(:ids)"
    " AND status = 'sent' ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)"
    " AND NOT EXISTS (SELECT FROM deliveries WHERE outbox_id = outbox.id AND deliveries.status <> 'delivered')"
)
_FAILED = sql("SELECT DISTINCT outbox_id FROM deliveries WHERE outbox_id = ANY(:ids) AND status = 'failed'")

_OLDER = {"sent": [], "delivered": ["sent"], "failed": ["sent", "delivered"]}
"""By what is told: what was known before and is now overtaken."""

# Written out: SQLAlchemy would compile an insert with ON CONFLICT anew for every message.
_RECORD = sql(
    "INSERT INTO deliveries (outbox_id, part, channel, outside_id, status, error, changed) VALUES (:outbox_id, :part,"
    " :channel, :outside_id, :status, :error, :changed) ON CONFLICT (outbox_id, part) DO UPDATE SET"
    " status = excluded.status, error = excluded.error, changed = excluded.changed, outside_id = excluded.outside_id"
    " WHERE deliveries.status = ANY(CAST(:older AS text[])) RETURNING id"
)


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
