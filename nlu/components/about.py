"""What comes with a message besides its text: when and in which language it was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa.shared.nlu.training_data.message import Message

from care.clock import Clock, local

_METADATA = "metadata"
_CLOCK = Clock()


def said(message: Message, name: str) -> Any:
    """The value of `name` in the message's metadata, or None; in training data that of its intent or example."""
    metadata = message.get(_METADATA)
    if not isinstance(metadata, dict):
        return None
    places = (metadata, metadata.get("example"), metadata.get("intent"))
    return next((place[name] for place in places if isinstance(place, dict) and place.get(name)), None)


def moment(message: Message) -> datetime:
    """When the message was said (aware, Europe/Amsterdam): `now` of its metadata, in ISO 8601, else this moment."""
    now = said(message, "now")
    if isinstance(now, str):
        try:
            return local(datetime.fromisoformat(now))
        except ValueError:
            # A sender's broken clock must not cost the person the answer.
            return _CLOCK.now()
    return _CLOCK.now()
