"""Words that a door obeys before anything else.

STOP means that nothing is sent there unasked any more. On SMS that is the rule of the networks (and of the Dutch
Telecommunicatiewet, article 11.7: whoever was written to must be able to end that, each time and at once).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_suffix(".yml")
_ACTS = ("stop", "start", "help", "link", "calendar")
LAW = frozenset({"sms"})
"""Channels on which a bare word counts whatever was being talked about."""


@dataclass(frozen=True)
class Keyword:
    """A word that was the whole message: what it asks for, its language, and whether it could also be an answer."""

    act: str
    language: str
    may_be_talk: bool


@dataclass(frozen=True)
class Keywords:
    """All the words, by how they are written in small letters."""

    words: Mapping[str, tuple[str, str]]
    talk: frozenset[str]

    @classmethod
    def load(cls) -> Keywords:
        """Read the file; raises ValueError when it asks for something no door does."""
        return _load()

    def read(self, text: str, channel: str, *, command: bool = False) -> Keyword | None:
        """The word that a message consists of, or None. A `command` (`/stop`) is never talk, nor are capitals."""
        bare = " ".join(text.strip().rstrip(".").split())
        found = self.words.get(bare.casefold())
        if found is None:
            return None
        shouted = bare.isupper()
        may_be_talk = bare.casefold() in self.talk and not (command or shouted or channel in LAW)
        return Keyword(found[0], found[1], may_be_talk)


@lru_cache(maxsize=1)
def _load() -> Keywords:
    data: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    talk = frozenset(data.pop("talk"))
    if unknown := set(data) - set(_ACTS):
        raise ValueError(f"{_FILE.name}: no door does {', '.join(sorted(unknown))}.")
    words = {
        word.casefold(): (act, language)
        for act, languages in data.items()
        for language, listed in languages.items()
        for word in listed
    }
    return Keywords(words, talk)
