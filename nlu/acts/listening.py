"""What of a message is judged for danger: the whole of a short one, and each sentence of what has several.

A letter holds so many words that a cry drowns in it, while some of its words always sound like danger. So it is heard
sentence by sentence, as if each were said alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from nlu.acts.danger import DangerClassifier, Heard
from nlu.acts.emergencies import Finding, find_emergency
from nlu.acts.text import runs, sentences

LETTER_WORDS = 60
"""A message of more words than this is judged by its sentences alone."""

_LEAST_WORDS = 3
_HOPELESS = -4.0
_NOTHING = Finding(None, guarded=False)


@dataclass(frozen=True)
class Told:
    """A text with how much it sounds like danger, and what the phrases say of it."""

    heard: Heard
    finding: Finding


def listen(text: str, language: str, danger: DangerClassifier) -> tuple[Told | None, tuple[Told, ...]]:
    """The message as a whole, None of a letter, and its sentences when there are several."""
    letter = len(text.split()) > LETTER_WORDS
    found = [part for part in (runs if letter else sentences)(text) if len(part.split()) >= _LEAST_WORDS]
    known: dict[str, float] = {}
    parts = tuple(_told(part, language, danger, known) for part in found) if len(found) > 1 else ()
    if parts and letter:
        return None, parts
    return Told(danger.hear(text, known), find_emergency(text, language)), parts


def _told(text: str, language: str, danger: DangerClassifier, known: dict[str, float]) -> Told:
    heard = danger.hear(text, known)
    # The phrases are slow, and cannot make danger of what does not sound like it in the least.
    return Told(heard, find_emergency(text, language) if heard.whole > _HOPELESS else _NOTHING)
