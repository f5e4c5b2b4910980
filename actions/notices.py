"""Messages to others that a turn causes: helpers, family, coordinators. Each in their own language, on their own channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from actions.scene import Scene
from actions.words import Words
from care import outbox
from care.models import Contact, Conversation, Visit

UNASKED = "sms"
"""The channel for who never spoke with us: it reaches any mobile."""
DEFAULT_LANGUAGE = "nl"

Said = str | int | Callable[[Words], str]


def notify(scene: Scene, contact: Contact, key: str, *, visit: Visit | None = None, about: str = "", **values: Said) -> None:
    """Write a message to a contact, sent when this turn is committed.

    A value that is a function is called with the reader's words. `about` tells several messages of one text to one
    contact in one turn apart. Nothing is sent to who has no phone and never came in by a door.
    """
    channel = _channel(scene, contact)
    if channel is None:
        return
    words = Words(scene.words.phrases, contact.language or DEFAULT_LANGUAGE)
    told: dict[str, Any] = {name: value(words) if callable(value) else value for name, value in values.items()}
    outbox.put(
        scene.session,
        contact=contact,
        channel=channel,
        text=words.say(key, **told),
        now=scene.now,
        kind="notice",
        key=f"notice:{scene.turn.incoming_id}:{contact.id}:{key}:{about}",
        visit=visit,
    )


def _channel(scene: Scene, contact: Contact) -> str | None:
    """Where the contact talked with us last; else by SMS, when there is a phone."""
    query = select(Conversation.channel).where(Conversation.contact_id == contact.id)
    latest = scene.session.scalars(query.order_by(Conversation.updated.desc())).first()
    return latest or (UNASKED if contact.phone else None)
