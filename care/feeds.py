"""Calendar feeds: an address that only its owner knows, at which a calendar program fetches their visits."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from care import audit
from care.models import CalendarFeed, Contact, col

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}", re.ASCII)


def make(session: Session, contact: Contact, now: datetime) -> str:
    """A new feed for a contact: its token, 256 random bits, of which only a hash is kept. Earlier ones are revoked."""
    revoke(session, contact, now)
    token = secrets.token_urlsafe(32)
    session.add(CalendarFeed(contact_id=contact.id, token_hash=_hash(token), created=now))
    session.flush()
    audit.record(session, "make_calendar_feed", now=now, who=contact)
    return token


def revoke(session: Session, contact: Contact, now: datetime) -> int:
    """End the feeds of a contact; how many there were."""
    query = update(CalendarFeed).where(CalendarFeed.contact_id == contact.id, col(CalendarFeed.revoked).is_(None))
    query = query.values(revoked=now).execution_options(synchronize_session="fetch")
    return int(session.execute(query).rowcount)


def owner(session: Session, token: str) -> Contact | None:
    """The contact whose feed has this token, unless it was revoked."""
    if not _TOKEN.fullmatch(token):
        return None
    query = select(Contact).join(CalendarFeed, col(CalendarFeed.contact_id) == Contact.id)
    query = query.where(CalendarFeed.token_hash == _hash(token), col(CalendarFeed.revoked).is_(None))
    found: Contact | None = session.scalars(query).first()
    return found


def _hash(token: str) -> str:
    # Random tokens of this length cannot be guessed, so a plain hash keeps them.
    return hashlib.sha256(token.encode()).hexdigest()
