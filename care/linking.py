"""Linking a door to a phone: who can read a code sent to a phone and types it at another door is one person at both."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from care import audit
from care.merging import merge
from care.models import Contact, Door, DoorLink, col
from care.people import PHONE_CHANNELS, behind_phone, normal_phone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OPEN_FOR = timedelta(minutes=15)
MOST_TRIES = 5
MOST_CODES_AN_HOUR = 3
"""Codes that one door may ask for in an hour, and that one phone may get in a day: nobody's phone is to be flooded."""
MOST_CODES_A_DAY = 4


class TooManyCodes(Exception):
    """So many codes were asked for that no more are sent."""


def begin(session: Session, contact: Contact, channel: str, address: str, now: datetime) -> DoorLink:
    """Somebody at a door wants it linked; what they asked before is dropped."""
    known = open_link(session, channel, address, now)
    if known is not None:
        known.status = "dropped"
    link = DoorLink(
        contact_id=contact.id, channel=channel, address=address, status="asked", created=now, changed=now, tries=0
    )
    session.add(link)
    session.flush()
    return link


def open_link(session: Session, channel: str, address: str, now: datetime) -> DoorLink | None:
    """The linking that is under way at a door, its row locked, or None. It lapses after OPEN_FOR."""
    query = select(DoorLink).where(
        DoorLink.channel == channel,
        DoorLink.address == address,
        DoorLink.changed > now - OPEN_FOR,
        col(DoorLink.status).in_(["asked", "sent"]),
    )
    found: DoorLink | None = session.scalars(query.order_by(col(DoorLink.id).desc()).with_for_update()).first()
    return found


def new_code(session: Session, link: DoorLink, phone: str, key: str, now: datetime) -> str:
    """A code of six digits for the phone (E.164) that was named; only a keyed hash of it is kept.

    Raises TooManyCodes.
    """
    sent = select(func.count()).select_from(DoorLink).where(col(DoorLink.code).is_not(None))
    by_door = sent.where(
        DoorLink.channel == link.channel,
        DoorLink.address == link.address,
        DoorLink.created > now - timedelta(hours=1),
    )
    to_phone = sent.where(DoorLink.phone == phone, DoorLink.created > now - timedelta(days=1))
    if session.scalar(by_door) >= MOST_CODES_AN_HOUR or session.scalar(to_phone) >= MOST_CODES_A_DAY:
        link.status = "dropped"
        raise TooManyCodes
    code = f"{secrets.randbelow(1_000_000):06d}"
    link.phone, link.code, link.tries = phone, _sealed(link, code, key), 0
    link.status, link.changed = "sent", now
    session.flush()
    return code


def try_code(session: Session, link: DoorLink, typed: str, key: str, now: datetime) -> bool:
    """Whether this is the code. After MOST_TRIES wrong ones the linking is dropped: see its status."""
    if link.status != "sent" or link.code is None:
        return False
    link.tries += 1
    right = hmac.compare_digest(link.code, _sealed(link, typed, key))
    if right:
        link.status = "done"
    elif link.tries >= MOST_TRIES:
        link.status = "dropped"
    session.flush()
    return right


def _sealed(link: DoorLink, code: str, key: str) -> str:
    return hmac.new(key.encode(), f"door link {link.id} {code}".encode(), hashlib.sha256).hexdigest()


def join(session: Session, link: DoorLink, now: datetime) -> Contact:
    """Make one contact of the door's and the phone's, after the right code; who they are from now on.

    Everything of the door's contact goes to the phone's. Raises PermissionError when both are helpers: that needs a
    person.
    """
    contact = session.get(Contact, link.contact_id)
    phone = normal_phone(link.phone or "")
    holder = behind_phone(session, phone)
    if holder is None:
        _give_phone(session, contact, phone, now)
        holder = contact
    elif holder.id != contact.id:
        merge(session, contact, holder, now)
    audit.record(session, "link_doors", now=now, who=holder, details={"channel": link.channel})
    session.flush()
    return holder


def _give_phone(session: Session, contact: Contact, phone: str, now: datetime) -> None:
    if contact.phone is None:
        contact.phone = phone
    for channel in sorted(PHONE_CHANNELS):
        session.add(Door(channel=channel, address=phone, contact_id=contact.id, created=now))
    session.flush()
