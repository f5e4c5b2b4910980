"""Messages that came in: each taken once, each handled once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from care.models import Inbox, col
from care.people import contact_for, normal_address

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def accept(
    session: Session,
    *,
    channel: str,
    outside_id: str,
    address: str,
    text: str,
    now: datetime,
    kind: str = "text",
    payload: dict[str, Any] | None = None,
    language: str | None = None,
) -> tuple[int, bool]:
    """Take a message in: its id, and whether it is new. The same outside id on the channel again is the same message.

    `kind` is `text`, `speech`, `keys`, `silence` or another short word of the channel. PostgreSQL text cannot hold NUL
    characters; they are dropped. Raises ValueError when the address is not one of the channel.
    """
    contact = contact_for(session, channel, address, now, language)
    session.flush()
    row = insert(Inbox).values(
        channel=channel,
        outside_id=outside_id,
        address=normal_address(channel, address),
        contact_id=contact.id,
        text=text.replace("\0", ""),
        kind=kind,
        payload=payload or {},
        received=now,
    )
    made: int | None = session.scalar(row.on_conflict_do_nothing().returning(Inbox.id))
    if made is not None:
        return made, True
    known = select(col(Inbox.id)).where(Inbox.channel == channel, Inbox.outside_id == outside_id)
    return int(session.scalars(known).one()), False


def claim(session: Session, message_id: int) -> Inbox | None:
    """The message, its row locked until the transaction ends; None when it was handled already or does not exist.

    Waits while another transaction holds it.
    """
    query = select(Inbox).where(Inbox.id == message_id).with_for_update().execution_options(populate_existing=True)
    row: Inbox | None = session.scalars(query).first()
    return None if row is None or row.handled is not None else row


def mark_handled(session: Session, message_id: int, now: datetime, error: str | None = None) -> None:
    """The message is done with; `error` is the id under which a failure was logged."""
    query = update(Inbox).where(Inbox.id == message_id).values(handled=now, error=error)
    session.execute(query.execution_options(synchronize_session="evaluate"))


def open_ids(session: Session, limit: int = 1000) -> list[int]:
    """The ids of messages not handled yet, oldest first: what a restart must still do."""
    query = select(col(Inbox.id)).where(col(Inbox.handled).is_(None)).order_by(Inbox.received, Inbox.id)
    return list(session.scalars(query.limit(limit)))
