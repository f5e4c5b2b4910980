"""What a door answers by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from care.models import Conversation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from actions.phrases import Phrases
    from care.models import Contact
    from channels import Incoming

DEFAULT_LANGUAGE = "nl"


@dataclass(frozen=True)
class Reply:
    """A text of the domain to answer with; `contact_id` is who they turned out to be, if that changed."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None
    contact_id: int | None = None
    then_brain: bool = False
    """The message goes on to the brain as well."""


@dataclass(frozen=True)
class Visit:
    """Somebody at a door with one message: who, where, when, and in which language they are answered."""

    incoming: Incoming
    contact: Contact
    address: str
    now: datetime
    language: str
    phrases: Phrases
    open_question: bool

    @property
    def channel(self) -> str:
        """The channel of the door."""
        return self.incoming.channel

    def say(self, key: str, **values: Any) -> str:
        """A text of the domain in the person's language."""
        return self.phrases.text(key, self.language, **values)


def talk_with(session: Session, contact: Contact, channel: str) -> tuple[str | None, bool]:
    """The language of the talk with a contact on a channel (None before there was any), and if a question is open."""
    query = select(Conversation.language, Conversation.state).where(
        Conversation.contact_id == contact.id, Conversation.channel == channel
    )
    found = session.execute(query).first()
    return (found[0], bool(found[1].get("awaiting"))) if found else (None, False)
