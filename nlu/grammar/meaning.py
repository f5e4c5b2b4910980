"""What a message means, apart from the calendar: its pieces, and what was noticed on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from nlu.grammar.attach import Piece
from nlu.grammar.frames import When
from nlu.grammar.items import Found, Item

_CLAUSE_CUTS = frozenset({"join", "newneed", "correction", "reason", "but", "so"})


@dataclass
class Sense:
    """The pieces of a message, in order, and what was noticed on the way.

    `exceptions` are what is left out, by the place of the phrase. `asides` are days named beside the point, `referred`
    the one that "then" points back to; `mentioned` are services named beside the point, by place. `whens` holds every
    schedule phrase with its role: `plain`, `not` or `agent` (somebody of their own comes then).
    """

    pieces: list[Piece] = field(default_factory=list)
    exceptions: list[tuple[int, When]] = field(default_factory=list)
    preferences: dict[str, str] = field(default_factory=dict)
    asides: list[When] = field(default_factory=list)
    referred: When | None = None
    told: list[When] = field(default_factory=list)
    """Of the days beside the point those of something that is told ("Saturday is my birthday")."""
    mentioned: list[tuple[int, list[str]]] = field(default_factory=list)
    whens: list[tuple[Item, str]] = field(default_factory=list)
    services: list[tuple[Item, list[str]]] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    """The places of temporal words that no phrase took."""
    either: bool = False
    corrected: bool = False
    other_agent: bool = False
    purpose: bool = False
    long: bool = False
    """Whether the message is so long that what is only mentioned in it does not count."""


@dataclass
class Clause:
    """The items between two commas, stops or coordinators; `hard` when a full stop stands before it."""

    items: list[Item] = field(default_factory=list)
    hard: bool = False

    def has(self, *classes: str) -> bool:
        """Whether an item of any of these classes is in it."""
        return any(item.class_ in classes for item in self.items)


def clauses(found: Found) -> list[Clause]:
    """The clauses of a message: cut at punctuation and at words that go on with something else."""
    row = [Clause(hard=True)]
    last = 0
    for item in found.items:
        strength = found.boundary(last, item.first)
        last = item.last
        if strength or item.class_ in _CLAUSE_CUTS:
            row.append(Clause(hard=strength == 2))
        row[-1].items.append(item)
    return row
