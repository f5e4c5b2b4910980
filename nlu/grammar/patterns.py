"""Sentence patterns of the language packs, and the tree in which they are looked up.

A pattern is words with `(a|b)` for a choice, `[a]` for what may be left out, `{class}` or `{class:name}` for something
found before, and `<name>` for a piece of pattern that the pack has given a name.

The packs say some hundred thousand things in a few thousand patterns. Nothing of that is laid out before somebody says
it: a pattern becomes a row of steps (`Step`), and the tree (`Node`) grows where words are looked up in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_PIECE = re.compile(r"\s+|([(\[|\])])|<(\w+)>|\{(\w+)(?::(\w+))?\}|([^\s(\[|\])<>{}]+)")


_SIGNS = frozenset("()[]{}<>|")


class PatternError(ValueError):
    """A pattern in a language pack that cannot be read."""


@dataclass(frozen=True)
class Slot:
    """A place in a pattern for something of a class, kept under a name."""

    class_: str
    name: str


Symbol = str | Slot


@dataclass(frozen=True, eq=False)
class Step:
    """A place within a pattern: what may come here and which step follows, and whether the pattern may end here."""

    ways: tuple[tuple[Symbol, Step], ...] = ()
    may_end: bool = False


END = Step(may_end=True)


@dataclass(frozen=True)
class Rule:
    """What a pattern stands for: an item of `class_`, its value made from `template` and what the slots hold."""

    class_: str
    template: Any
    names: tuple[str, ...]
    weight: float = 0.0


@dataclass(frozen=True, eq=False)
class Pattern:
    """A pattern with what it stands for; without a template that is what its only slot holds."""

    class_: str
    first: Step
    template: Any = None
    weight: float = 0.0

    def rule(self, names: tuple[str, ...]) -> Rule:
        """What it stands for when these slots, in this order, are filled."""
        template = self.template
        if template is None:
            template = f"${names[0]}" if len(names) == 1 else {}
        return Rule(self.class_, template, names, self.weight)

    @cached_property
    def words(self) -> frozenset[str]:
        """All words that stand in it."""
        words, seen, waiting = set(), {self.first}, [self.first]
        while waiting:
            for symbol, following in waiting.pop().ways:
                if isinstance(symbol, str):
                    words.add(symbol)
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return frozenset(words)


Reached = tuple[Pattern, Step, tuple[str, ...]]
"""A pattern that leads to a place in the tree, its step there, and the names of the slots on the way."""


class Node:
    """A place in the tree of patterns, which works out where it leads when it is first asked.

    `grown` is where each word leads, where each class leads, and the rules that are complete here; until the first
    question it is None. Two threads that ask at once do the work twice and find the same.
    """

    __slots__ = ("_reached", "grown")

    def __init__(self, reached: list[Reached] | None = None) -> None:
        """`reached` are the patterns that lead here."""
        self._reached = reached if reached is not None else []
        self.grown: tuple[dict[str, Node], dict[str, Node], list[Rule]] | None = None

    def add(self, pattern: Pattern) -> None:
        """Add a pattern that begins here; of two that fit the same words the first added is found first."""
        self._reached.append((pattern, pattern.first, ()))
        self.grown = None

    def grow(self) -> tuple[dict[str, Node], dict[str, Node], list[Rule]]:
        """Work out `grown`."""
        words: dict[str, list[Reached]] = {}
        classes: dict[str, list[Reached]] = {}
        rules = []
        for pattern, step, names in self._reached:
            if step.may_end:
                rules.append(pattern.rule(names))
            for symbol, following in step.ways:
                if isinstance(symbol, Slot):
                    classes.setdefault(symbol.class_, []).append((pattern, following, (*names, symbol.name)))
                else:
                    words.setdefault(symbol, []).append((pattern, following, names))
        self.grown = (
            {word: Node(reached) for word, reached in words.items()},
            {class_: Node(reached) for class_, reached in classes.items()},
            rules,
        )
        return self.grown


def steps(pattern: str, macros: Mapping[str, str]) -> Step:
    """The first step of a pattern; raises PatternError when it cannot be read, or would fit no words at all."""
    if _SIGNS & set(pattern):
        first = _Reader(pattern, macros).read()
    else:
        first = END
        for word in reversed(pattern.split()):
            first = Step(((word, first),))
    if first.may_end:
        raise PatternError(f"pattern {pattern!r} may be empty")
    return first


def sequences(first: Step) -> Iterator[tuple[Symbol, ...]]:
    """Every row of words and classes that fits from a step on."""
    if first.may_end:
        yield ()
    for symbol, following in first.ways:
        for rest in sequences(following):
            yield (symbol, *rest)


@dataclass
class _Reader:
    """Reads a pattern from its end to its beginning: each piece then knows the step that follows it."""

    pattern: str
    macros: Mapping[str, str]
    pieces: list[re.Match[str]] = field(default_factory=list)

    def read(self) -> Step:
        """The first step of the pattern."""
        return self._within(self.pattern, END)

    def _within(self, text: str, following: Step) -> Step:
        """The first step of a pattern, or of a named piece of one, before the step that follows it."""
        found = list(_PIECE.finditer(text))
        if "".join(piece.group() for piece in found) != text:
            raise PatternError(f"odd sign in pattern {self.pattern!r}")
        outer, self.pieces = self.pieces, [piece for piece in found if not piece.group().isspace()]
        first = self._choice(following)
        if self.pieces:
            raise PatternError(f"unbalanced brackets in pattern {self.pattern!r}")
        self.pieces = outer
        return first

    def _choice(self, following: Step) -> Step:
        """Alternatives separated by bars, back until an opening bracket or the beginning."""
        choices = [self._row(following)]
        while self.pieces and self.pieces[-1][1] == "|":
            self.pieces.pop()
            choices.append(self._row(following))
        return _either(*reversed(choices))

    def _row(self, following: Step) -> Step:
        """Pieces one after another."""
        while self.pieces and self.pieces[-1][1] not in ("|", "(", "["):
            following = self._piece(following)
        return following

    def _piece(self, following: Step) -> Step:
        """One word, slot, named piece or bracketed choice."""
        bracket, macro, class_, name, word = self.pieces.pop().groups()
        if word:
            return Step(((word, following),))
        if class_:
            return Step(((Slot(class_, name or class_), following),))
        if macro:
            if macro not in self.macros:
                raise PatternError(f"unknown <{macro}> in pattern {self.pattern!r}")
            return self._within(self.macros[macro], following)
        first = self._choice(following)
        if not self.pieces or self.pieces.pop()[1] != ("(" if bracket == ")" else "["):
            raise PatternError(f"unbalanced brackets in pattern {self.pattern!r}")
        return first if bracket == ")" else _either(following, first)


def _either(*choices: Step) -> Step:
    """A step that begins any of these."""
    if len(choices) == 1:
        return choices[0]
    ways = dict.fromkeys(way for choice in choices for way in choice.ways)
    return Step(tuple(ways), any(choice.may_end for choice in choices))
