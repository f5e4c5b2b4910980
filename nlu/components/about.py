"""What comes with a message besides its text: when and in which language it was said."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from rasa.shared.nlu.training_data.message import Message

from care.clock import Clock, local

_ROOT = Path(__file__).parents[1]
_CATALOGUE = _ROOT.parent / "care" / "catalogue.yml"
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


def sources() -> str:
    """A hash of the files of nlu and of the catalogue."""
    digest = hashlib.blake2b(_CATALOGUE.read_bytes(), digest_size=12)
    for path in sorted(_ROOT.rglob("*")):
        if path.suffix in (".py", ".yml"):
            digest.update(path.relative_to(_ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
