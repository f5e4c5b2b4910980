"""What a message means, apart from the calendar: its pieces, and what was noticed on the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlu.grammar.apart import Apart
from nlu.grammar.attach import Piece
from nlu.grammar.clocks import Clock
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When
from nlu.grammar.spelling import HARD_STOPS

_JOINS = frozenset({"join", "newneed"})
_SIGNS = frozenset(",:()-.;!?\n")
_CLAUSE_CUTS = frozenset({"join", "newneed", "correction", "reason", "but", "so", "note", "andthen"})


@dataclass
class Sense:
    """The pieces of a message, in order, and what was noticed on the way.

    `exceptions` are what is left out, by the place of the phrase. `asides` are days named beside the point, `referred`
    the one that "then" points back to; `mentioned` are services named beside the point, by place. `whens` holds every
    schedule phrase with its role: `plain`, `not`, `agent` (somebody of their own comes then) or `told` (why not then).
    """

    pieces: list[Piece] = field(default_factory=list)
    exceptions: list[tuple[int, When]] = field(default_factory=list)
    preferences: dict[str, Any] = field(default_factory=dict)
    wishes: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """The preferences, each with its place."""
    asides: list[When] = field(default_factory=list)
    referred: When | None = None
    referred_at: int = 0
    """The place of that "then"."""
    told: list[When] = field(default_factory=list)
    """Of the days beside the point those of something that is told ("Saturday is my birthday")."""
    told_at: list[int] = field(default_factory=list)
    """The places of these."""
    told_ends: list[When] = field(default_factory=list)
    """Until when somebody who helps is told to be away."""
    mentioned: list[tuple[int, list[str]]] = field(default_factory=list)
    parts: list[tuple[When, list[str]]] = field(default_factory=list)
    """Parts of the day named beside the point, each with the services named beside it."""
    taken_parts: list[str] = field(default_factory=list)
    """Parts of the day, named without any day, that somebody of their own sees to."""
    done: list[tuple[int, list[str]]] = field(default_factory=list)
    """What somebody of their own does, by place."""
    taken_hours: list[Clock] = field(default_factory=list)
    """Clock times at which somebody of their own comes."""
    counted: When = field(default_factory=dict)
    """How often somebody is to come for what is mentioned."""
    whens: list[tuple[Item, str]] = field(default_factory=list)
    services: list[tuple[Item, list[str]]] = field(default_factory=list)
    loose: list[int] = field(default_factory=list)
    """The places of temporal words that no phrase took."""
    beside: list[tuple[int, int]] = field(default_factory=list)
    """The clauses that ask for nothing: the first word of each, and the place behind its last."""
    apart: list[Apart] = field(default_factory=list)
    """Exceptions said of some services alone, such as the days on which somebody of their own sees to them."""
    shifts: list[Any] = field(default_factory=list)
    """Days on which all is so much later or earlier (`Shift` of nlu/grammar/shifted.py)."""
    unknown_exception: bool = False
    """Whether something is left out that was not understood."""
    either: bool = False
    corrected: bool = False
    other_agent: bool = False
    purpose: bool = False
    long: bool = False
    """Whether the message is so long that what is only mentioned in it does not count."""

    def tell(self, item: Item) -> None:
        """Note the days of something that is told."""
        self.asides.append(item.value)
        self.told.append(item.value)
        self.told_at.append(item.first)

    def tell_again(self, item: Item) -> None:
        """Note weekdays that are told, and come back."""
        self.told.append({**item.value, "every": True})
        self.told_at.append(item.first)

    def told_before(self, place: int) -> When:
        """The days told of last before a word, else the first behind it; there must be some."""
        before = [when for when, at in zip(self.told, self.told_at, strict=True) if at < place]
        return before[-1] if before else self.told[0]


@dataclass
class Clause:
    """The items between two commas, stops or coordinators; `hard` when a full stop stands before it.

    Its words are those from `start` until before `end`; `joined` when a word such as "and" begins it.
    """

    items: list[Item] = field(default_factory=list)
    hard: bool = False
    start: int = 0
    end: int = 0
    joined: bool = False

    def has(self, *classes: str) -> bool:
        """Whether an item of any of these classes is in it."""
        # A loop: this is asked a hundred times a message, and any() with a generator takes twice as long.
        for item in self.items:  # noqa: SIM110
            if item.class_ in classes:
                return True
        return False


def clauses(found: Found) -> Sequence[Clause]:
    """The clauses of a message: cut at punctuation and at words that go on with something else.

    Who reads a message asks twenty times; they are cut anew only when another thing was made of its items, or another
    item stands in the place of one (the clauses that are kept hold those they were made of, so no id is used twice).
    """
    made_of = (found.parted, *[(id(item), item.class_, item.first, item.last) for item in found.items])
    if found.cut is None or found.cut[0] != made_of:
        found.cut = made_of, _clauses(found)
    row: Sequence[Clause] = found.cut[1]
    return row


def _clauses(found: Found) -> Sequence[Clause]:
    row = [Clause(hard=True)]
    last = 0
    for item in found.items:
        strength = found.boundary(last, item.first)
        before, last = last, item.last
        if strength or (item.class_ in _CLAUSE_CUTS and not _within(item, found)) or item.first in found.parted:
            # Of two signs the full stop: what stands before it, though not understood, is of the sentence before.
            signs = [at for at in range(before, item.first) if found.words[at].text in _SIGNS]
            stops = [at for at in signs if found.words[at].text in HARD_STOPS]
            cut = stops[-1] if strength == 2 else next(iter(signs), item.first)
            row[-1].end = cut
            row.append(Clause(hard=strength == 2, start=cut, joined=item.class_ in _JOINS))
        row[-1].items.append(item)
    row[-1].end = len(found.words)
    return tuple(row)


def _within(so: Item, found: Found) -> bool:
    """Whether a "so" only stands within a clause: "that Friday so not" ("die vrijdag dus niet")."""
    at = next(place for place, item in enumerate(found.items) if item is so)
    before, behind = found.items[max(at - 1, 0)], found.items[at + 1 : at + 3]
    if so.class_ == "so" and behind and behind[0].class_ == "doing" and behind[0].first == so.last:
        # "The nurse who now comes": behind a word of its own ("die nu komt").
        return at > 0 and before.class_ in ("service", "person") and so.first - before.last == 1
    if so.class_ != "so" or so.last - so.first > 1 or before.class_ != "when" or before.last != so.first or not behind:
        return False
    then = len(behind) > 1 and behind[1].class_ in ("then", "those", "when")
    then = then and not found.boundary(behind[0].last, behind[1].first)
    return behind[0].class_ == "not" and behind[0].first == so.last and not then


def asked_behind(found: Found, place: int) -> Clause | None:
    """The last clause of the sentence around a word, when it asks for a service, behind that word and without a day.

    "Hospital on Monday at nine, the eye doctor on Friday, could somebody take me?": it is of all that stands before.
    """
    start, end = sentence_bounds(found, place)
    inside = [clause for clause in clauses(found) if start <= clause.start < end and clause.items]
    last = inside[-1] if inside else None
    if last is None or last.start <= place or last.has("when") or not last.has("service"):
        return None
    return last if last.has("request", "someone") else None


def instead_of(item: Item, found: Found, light: Collection[str]) -> bool:
    """Whether "instead of" stands directly before an item, articles apart."""
    before = next((other for other in reversed(found.items) if other.last <= item.first), None)
    if before is None or before.class_ != "instead":
        return False
    return all(word.text in light for word in found.words[before.last : item.first])


def refuses(found: Found, item: Item) -> bool:
    """Whether something is left out or ended in the sentence of an item."""
    start, end = sentence_bounds(found, item.first)
    return any(other.class_ in ("not", "stop") and start <= other.first < end for other in found.items)


def sentence_bounds(found: Found, place: int) -> tuple[int, int]:
    """The first word of the sentence around a word, and the place behind its last."""
    start = next((at + 1 for at in range(place - 1, -1, -1) if found.words[at].text in HARD_STOPS), 0)
    size = len(found.words)
    return start, next((at for at in range(place, size) if found.words[at].text in HARD_STOPS), size)
