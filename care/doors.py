"""The doors of contacts: where nothing unasked may be sent, when somebody was last heard, and which door comes next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from care.models import Contact, Door, Inbox, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PREFERRED = ("whatsapp", "telegram", "sms")
"""Doors in the order in which a message that one of them could not deliver is tried at the others: the ones a person
came in by first, and SMS, which reaches any mobile, last."""


def stop(session: Session, channel: str, address: str, now: datetime, why: str = "asked") -> bool:
    """Send nothing unasked to this door any more, because the person `asked` for it or has `blocked` us.

    What was asked is kept when a block comes on top. Whether anything changed.
    """
    query = update(Door).where(Door.channel == channel, Door.address == address)
    if why == "blocked":
        query = query.where(col(Door.stopped).is_(None))
    else:
        query = query.where(col(Door.stopped_why).is_distinct_from("asked"))
    query = query.values(stopped=now, stopped_why=why).execution_options(synchronize_session="fetch")
    return bool(session.execute(query).rowcount)


def start(session: Session, channel: str, address: str, only: str | None = None) -> bool:
    """Send to this door again; with `only`, when that was why it was stopped. Whether anything changed."""
    query = update(Door).where(Door.channel == channel, Door.address == address, col(Door.stopped).is_not(None))
    if only is not None:
        query = query.where(Door.stopped_why == only)
    query = query.values(stopped=None, stopped_why=None).execution_options(synchronize_session="fetch")
    return bool(session.execute(query).rowcount)


def is_stopped(session: Session, channel: str, address: str) -> bool:
    """Whether nothing unasked may be sent to this door."""
    query = select(col(Door.id)).where(Door.channel == channel, Door.address == address, col(Door.stopped).is_not(None))
    return session.scalar(query) is not None


def heard_since(session: Session, channel: str, address: str, moment: datetime) -> bool:
    """Whether something came in by this door after `moment`."""
    query = select(col(Inbox.id)).where(Inbox.channel == channel, Inbox.address == address, Inbox.received > moment)
    return session.scalar(query.limit(1)) is not None


def next_door(
    session: Session, contact: Contact, open_channels: Collection[str], tried: Collection[str]
) -> tuple[str, str] | None:
    """The channel and address at which to try a contact next, or None: a door they have, not stopped and not tried yet.

    A phone number needs no door to get an SMS, unless it was stopped there.
    """
    doors = session.scalars(select(Door).where(Door.contact_id == contact.id).order_by(col(Door.id).desc())).all()
    for channel in PREFERRED:
        if channel not in open_channels or channel in tried:
            continue
        known = [door for door in doors if door.channel == channel]
        for door in known:
            if door.stopped is None:
                return channel, door.address
        if channel == "sms" and contact.phone and not any(door.address == contact.phone for door in known):
            return channel, contact.phone
    return None
