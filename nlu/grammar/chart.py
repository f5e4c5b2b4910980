"""A chart: everything the patterns find in a message, and the best row of found phrases that do not overlap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nlu.grammar.patterns import Node, Rule

Functions = Mapping[str, Callable[..., Any]]

LIGHT = 0.2
"""What an article or a comma counts for beside another word."""
MAX_EDGES_PER_PLACE = 60
"""More phrases than this beginning at one word are not looked for: only nonsense does that."""


@dataclass(frozen=True)
class ListRule:
    """Things of one class in a row ("maandag, woensdag en vrijdag") make a thing of another class."""

    of: str
    class_: str
    joins: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Stratum:
    """A layer of patterns: they may use what the layers before found."""

    root: Node
    lists: tuple[ListRule, ...] = ()


@dataclass
class Edge:
    """A found phrase: the tokens from `start` until before `end` are a thing of `class_`."""

    class_: str
    start: int
    end: int
    value: Any
    weight: float = 0.0


class Chart:
    """The phrases found in a row of words."""

    def __init__(self, words: Sequence[str], functions: Functions) -> None:
        """A chart without phrases yet; `functions` are what `call` in a template may name."""
        self.words = words
        self.functions = functions
        self.at: list[dict[str, list[Edge]]] = [{} for _ in words]
        self._counts = [0] * len(words)

    def add(self, class_: str, start: int, end: int, value: Any, weight: float = 0.0) -> None:
        """Add a phrase, unless the same one is there or the place is full."""
        edges = self.at[start].setdefault(class_, [])
        if self._counts[start] >= MAX_EDGES_PER_PLACE:
            return
        for edge in edges:
            if edge.end == end:
                if weight > edge.weight:
                    edge.value, edge.weight = value, weight
                return
        self._counts[start] += 1
        edges.append(Edge(class_, start, end, value, weight))

    def run(self, stratum: Stratum) -> None:
        """Find every phrase of a stratum."""
        found: list[tuple[Rule, int, int, tuple[Any, ...]]] = []
        words, classes, _ = stratum.root.grown or stratum.root.grow()
        for start, (word, here) in enumerate(zip(self.words, self.at, strict=True)):
            node = words.get(word)
            if node is not None:
                self._walk(node, start, start + 1, (), found)
            for class_, edges in here.items():
                node = classes.get(class_)
                if node is not None:
                    for edge in edges:
                        self._walk(node, start, edge.end, (edge.value,), found)
        for rule, start, end, captured in found:
            value = fill(rule.template, dict(zip(rule.names, captured, strict=True)), self.functions)
            if value is not None:
                self.add(rule.class_, start, end, value, rule.weight)
        for rule_ in stratum.lists:
            self._lists(rule_)

    def _walk(
        self, node: Node, start: int, place: int, captured: tuple[Any, ...], found: list[tuple[Rule, int, int, Any]]
    ) -> None:
        words, classes, rules = node.grown or node.grow()
        if rules:
            found += [(rule, start, place, captured) for rule in rules]
        if place >= len(self.words) or not (words or classes):
            return
        next_ = words.get(self.words[place])
        if next_ is not None:
            self._walk(next_, start, place + 1, captured, found)
        if classes:
            here = self.at[place]
            for class_, child in classes.items():
                for edge in here.get(class_, ()):
                    self._walk(child, start, edge.end, (*captured, edge.value), found)

    def _lists(self, rule: ListRule) -> None:
        """Add every list of a class, the single ones included; a longer list holds the shorter."""
        for start in range(len(self.words) - 1, -1, -1):
            for edge in self.at[start].get(rule.of, []):
                self.add(rule.class_, start, edge.end, [edge.value])
                for place in self._after_join(edge.end, rule.joins):
                    for rest in list(self.at[place].get(rule.class_, ())):
                        if isinstance(edge.value, str) and edge.value in rest.value:
                            # "Not on Sunday, on Sunday at ten": a day is said once in a list.
                            continue
                        self.add(rule.class_, start, rest.end, [edge.value, *rest.value])

    def _after_join(self, place: int, joins: tuple[tuple[str, ...], ...]) -> list[int]:
        """Where a list may go on after `place`."""
        places = []
        for join in joins:
            end = place + len(join)
            if end < len(self.words) and tuple(self.words[place:end]) == join:
                places.append(end)
        return places

    def best_cover(self, classes: Mapping[str, float], light: frozenset[str]) -> list[Edge]:
        """The row of phrases of these classes that covers most words with fewest phrases, in order.

        `classes` gives each class its weight for a covered word; `light` words (articles) count for less.
        """
        size = len(self.words)
        weights = [0.0]
        for word in self.words:
            weights.append(weights[-1] + (LIGHT if word in light or not word[0].isalnum() else 1.0))
        score = [0.0] * (size + 1)
        choice: list[Edge | None] = [None] * (size + 1)
        for start in range(size - 1, -1, -1):
            score[start] = score[start + 1]
            for class_, edges in self.at[start].items():
                worth = classes.get(class_)
                if worth is None:
                    continue
                for edge in edges:
                    # A small price per phrase: one long phrase is better than two short ones over the same words.
                    total = (weights[edge.end] - weights[start]) * worth - 0.3 + edge.weight + score[edge.end]
                    if total > score[start]:
                        score[start], choice[start] = total, edge
        row = []
        place = 0
        while place < size:
            edge_ = choice[place]
            if edge_ is None:
                place += 1
            else:
                row.append(edge_)
                place = edge_.end
        return row


def fill(template: Any, slots: Mapping[str, Any], functions: Functions) -> Any:
    """The value of a template; None rejects the phrase.

    `$name` becomes what the slot of that name holds; `call` names a function that gets the other entries.
    """
    if isinstance(template, str):
        return slots[template[1:]] if template.startswith("$") else template
    if isinstance(template, dict):
        filled = {name: fill(part, slots, functions) for name, part in template.items()}
        if "call" in filled:
            return functions[filled.pop("call")](**filled)
        return None if any(part is None for part in filled.values()) else filled
    if isinstance(template, list):
        parts = [fill(part, slots, functions) for part in template]
        return None if any(part is None for part in parts) else parts
    return template
