"""Sentence patterns of the language packs, and the tree in which they are looked up.

A pattern is words with `(a|b)` for a choice, `[a]` for what may be left out, `{class}` or `{class:name}` for something
found before, and `<name>` for a piece of pattern that the pack has given a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
Sequence = tuple[Symbol, ...]


@dataclass
class Rule:
    """What a pattern stands for: an item of `class_`, its value made from `template` and what the slots hold."""

    class_: str
    template: Any
    names: tuple[str, ...]
    weight: float = 0.0


@dataclass
class Node:
    """A place in the tree of patterns: where each word or class leads, and the rules that are complete here."""

    words: dict[str, Node] = field(default_factory=dict)
    classes: dict[str, Node] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)

    def add(self, sequence: Sequence, rule: Rule) -> None:
        """Add a sequence of words and classes that completes a rule."""
        node = self
        for symbol in sequence:
            # No setdefault: it would make a node for each word of each phrase, to throw most of them away.
            branches, key = (node.classes, symbol.class_) if isinstance(symbol, Slot) else (node.words, symbol)
            following = branches.get(key)
            if following is None:
                following = branches[key] = Node()
            node = following
        node.rules.append(rule)

    def vocabulary(self) -> Iterator[str]:
        """All words that stand in patterns."""
        for word, child in self.words.items():
            yield word
            yield from child.vocabulary()
        for child in self.classes.values():
            yield from child.vocabulary()


def sequences(pattern: str, macros: Mapping[str, str]) -> list[Sequence]:
    """All sequences a pattern allows; raises PatternError when it cannot be read."""
    if not _SIGNS & set(pattern):
        words = tuple(pattern.split())
        if not words:
            raise PatternError(f"pattern {pattern!r} may be empty")
        return [words]
    pieces = [found for found in _PIECE.finditer(pattern) if not found.group().isspace()]
    if "".join(found.group() for found in _PIECE.finditer(pattern)) != pattern:
        raise PatternError(f"odd sign in pattern {pattern!r}")
    reader = _Reader(pieces, macros, pattern)
    found = reader.choice()
    if reader.position != len(pieces):
        raise PatternError(f"unbalanced brackets in pattern {pattern!r}")
    unique = list(dict.fromkeys(found))
    if () in unique:
        raise PatternError(f"pattern {pattern!r} may be empty")
    return unique


class _Reader:
    """Reads a pattern by recursive descent."""

    def __init__(self, pieces: list[re.Match[str]], macros: Mapping[str, str], pattern: str) -> None:
        self.pieces = pieces
        self.macros = macros
        self.pattern = pattern
        self.position = 0

    def choice(self) -> list[Sequence]:
        """Alternatives separated by bars, until a closing bracket or the end."""
        found = self.row()
        while self.position < len(self.pieces) and self.pieces[self.position][1] == "|":
            self.position += 1
            found += self.row()
        return found

    def row(self) -> list[Sequence]:
        """Pieces one after another."""
        found: list[Sequence] = [()]
        while self.position < len(self.pieces) and self.pieces[self.position][1] not in ("|", ")", "]"):
            step = self.piece()
            found = [left + right for left in found for right in step]
        return found

    def piece(self) -> list[Sequence]:
        """One word, slot, macro or bracketed choice."""
        piece = self.pieces[self.position]
        self.position += 1
        bracket, macro, class_, name, word = piece.groups()
        if word:
            return [(word,)]
        if class_:
            return [(Slot(class_, name or class_),)]
        if macro:
            if macro not in self.macros:
                raise PatternError(f"unknown <{macro}> in pattern {self.pattern!r}")
            return _Reader(
                [p for p in _PIECE.finditer(self.macros[macro]) if not p.group().isspace()], self.macros, self.pattern
            ).choice()
        found = self.choice()
        closing = ")" if bracket == "(" else "]"
        if self.position >= len(self.pieces) or self.pieces[self.position][1] != closing:
            raise PatternError(f"unbalanced brackets in pattern {self.pattern!r}")
        self.position += 1
        return found if bracket == "(" else [(), *found]
