"""What was said on a visitor's page, from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from care.clock import TZ
from care.models import Contact, Door, Inbox, Outbox, col
from care.models.people import LANGUAGES
from channels.web import CHANNEL
from nlu.acts.language import detect

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN = 200
"""Messages of each side that a page shows at most: the latest ones."""


@dataclass(frozen=True)
class Said:
    """One message of the conversation. `id` is `i…` for the visitor's and `o…` for ours."""

    id: str
    ours: bool
    text: str
    language: str
    options: tuple[dict[str, str], ...]
    moment: datetime

    def to_json(self) -> dict[str, Any]:
        """The message for the page's script."""
        return {
            "id": self.id,
            "ours": self.ours,
            "text": self.text,
            "language": self.language,
            "options": list(self.options),
            "time": self.moment.astimezone(TZ).strftime("%H:%M"),
            "moment": self.moment.astimezone(TZ).isoformat(),
        }


@dataclass(frozen=True)
class Talk:
    """A visitor's conversation: what was said, and whether an answer is still to come."""

    said: tuple[Said, ...]
    awaiting: bool
    language: str | None


def talk_of(session: Session, visitor: str, now: datetime) -> Talk:
    """The conversation of a visitor up to `now`; ours count as delivered with this."""
    from care import outbox

    contact = session.scalars(
        select(Contact)
        .join(Door, Door.contact_id == Contact.id)
        .where(Door.channel == CHANNEL, Door.address == visitor)
    ).first()
    if contact is None:
        return Talk((), awaiting=False, language=None)
    came = _latest(session, select(Inbox).where(Inbox.contact_id == contact.id, Inbox.channel == CHANNEL), Inbox.id)
    went = _latest(
        session,
        select(Outbox).where(
            Outbox.contact_id == contact.id,
            Outbox.channel == CHANNEL,
            Outbox.due <= now,
            col(Outbox.status).not_in(("cancelled", "failed")),
        ),
        Outbox.id,
    )
    for row in went:
        if row.status == "due":
            outbox.mark_delivered(session, row, now)
    usual = contact.language or LANGUAGES[0]
    said = [((row.received, row.id, 0, row.id), _theirs(row, usual)) for row in came]
    # An answer stands under its question; what we say unasked stands where its time is, after what was said then.
    said += [((row.due, row.in_reply_to or 1 << 62, 1, row.id), _ours(row, usual)) for row in went]
    in_order = tuple(message for _, message in sorted(said, key=lambda pair: pair[0]))
    return Talk(in_order, awaiting=any(row.handled is None for row in came), language=contact.language)


def awaits_answer(session: Session, visitor: str) -> bool:
    """Whether something the visitor said is still to be answered."""
    open_ones = select(Inbox.id).where(Inbox.channel == CHANNEL, Inbox.address == visitor, col(Inbox.handled).is_(None))
    return session.scalar(open_ones.limit(1)) is not None


def _latest(session: Session, query: Any, key: Any) -> Sequence[Any]:
    return list(session.scalars(query.order_by(key.desc()).limit(SHOWN)))


def _theirs(row: Inbox, usual: str) -> Said:
    return Said(f"i{row.id}", False, row.text, detect(row.text, usual), (), row.received)


def _ours(row: Outbox, usual: str) -> Said:
    # Replies do not tell their language, and a conversation may go from one to the other.
    language = (row.template or {}).get("language") or detect(row.text, usual)
    return Said(f"o{row.id}", True, row.text, language, tuple(row.options), row.due)
