"""What is remembered of the talk with a contact on a channel."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from care.models import Contact, Conversation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


_OF_A_CALL = "voice:"


def of_call(call: str) -> str:
    """The channel under which the conversation of one phone call is kept, by the call's outside id: a call is a
    conversation of its own, since the number it comes from may be withheld, shared or forged.
    """
    return f"{_OF_A_CALL}{call}"


def is_call(channel: str) -> bool:
    """Whether a conversation's channel is that of one phone call."""
    return channel.startswith(_OF_A_CALL)


def open_conversation(
    session: Session, contact: Contact, channel: str, language: str, now: datetime | None = None
) -> Conversation:
    """The conversation with the contact on the channel, its row locked until the transaction ends.

    A new one starts in `language` with an empty state. With `now` it is noted as the last time something was said.
    """
    conversation = _locked(session, contact, channel)
    if conversation is None:
        values = {"contact_id": contact.id, "channel": channel, "language": language}
        session.execute(insert(Conversation).values(**values).on_conflict_do_nothing())
        conversation = _locked(session, contact, channel)
    assert conversation is not None  # noqa: S101 - found or just made
    if now is not None:
        conversation.updated = now
    return conversation


def _locked(session: Session, contact: Contact, channel: str) -> Conversation | None:
    values = {"contact": contact.id, "channel": channel}
    # Populated anew: the row may have been read in this session before the lock was had.
    options = {"populate_existing": True}
    found: Conversation | None = session.scalars(_OF, values, execution_options=options).first()
    return found


# Built once: every turn asks it.
_OF = (
    select(Conversation)
    .where(Conversation.contact_id == bindparam("contact"), Conversation.channel == bindparam("channel"))
    .with_for_update(of=Conversation)
)
