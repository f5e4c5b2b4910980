"""What was found in a message: its words, and the phrases found in them, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nlu.grammar.spelling import HARD_STOPS, Word


@dataclass
class Item:
    """A found phrase: its class and value, and the words `first` until before `last` it covers."""

    class_: str
    value: Any
    first: int
    last: int


@dataclass
class Found:
    """A message, read: its words and the items found in them, in order; `loose` are temporal words in no item."""

    words: list[Word]
    items: list[Item] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    parted: frozenset[int] = frozenset()
    """Where somebody who does something begins a clause with nothing before it that says so."""
    left_out: tuple[int, int] = (0, 0)
    """How many words and sentences of the message were left out since they only tell."""
    cut: tuple[Any, Any] | None = None
    """The clauses (`nlu.grammar.meaning`), behind what they were made of."""

    def has(self, *classes: str) -> bool:
        """Whether an item of any of these classes was found."""
        # A loop: this is asked a hundred times a message, and any() with a generator takes twice as long.
        for item in self.items:  # noqa: SIM110
            if item.class_ in classes:
                return True
        return False

    def boundary(self, first: int, last: int) -> int:
        """How strongly the words from `first` until before `last` separate: 2 a full stop, 1 a comma, 0 nothing."""
        strength = 0
        for place in range(first, last):
            word = self.words[place]
            if word.text in HARD_STOPS:
                return 2
            if word.text in (",", ":", "(", ")", "+", "&") or (word.text in "-/" and not self.within_word(place)):
                strength = 1
        return strength

    def in_brackets(self, place: int) -> bool:
        """Whether a word stands between brackets."""
        signs = [word.text for word in self.words[:place] if word.text in "()"]
        return signs[-1:] == ["("] and any(word.text == ")" for word in self.words[place:])

    def within_word(self, place: int) -> bool:
        """Whether a hyphen or a stroke stands within a word ("check-up")."""
        if not 0 < place < len(self.words) - 1:
            return False
        hyphen = self.words[place]
        return self.words[place - 1].end == hyphen.start and self.words[place + 1].start == hyphen.end


def only(found: Found, kept: Sequence[tuple[int, int]]) -> Found:
    """The message with the words of these spans only."""
    moved = {place: at for at, place in enumerate(place for span in kept for place in range(*span))}
    return Found(
        words=[found.words[place] for place in moved],
        items=[
            replace(item, first=moved[item.first], last=moved[item.last - 1] + 1)
            for item in found.items
            if item.first in moved
        ],
        loose=[moved[place] for place in found.loose if place in moved],
        parted=frozenset(moved[place] for place in found.parted if place in moved),
        left_out=found.left_out,
    )
