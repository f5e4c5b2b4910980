"""Tests of the sentence patterns of the language packs."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.grammar.patterns import Node, Pattern, PatternError, Slot, Symbol, sequences, steps


def test_choices_and_options_give_every_sequence() -> None:
    assert list(sequences(steps("(a|b c) [d]", {}))) == [("a",), ("a", "d"), ("b", "c"), ("b", "c", "d")]


def test_slots_and_named_pieces() -> None:
    assert list(sequences(steps("<every> {unit:u}", {"every": "(elke|iedere)"}))) == [
        ("elke", Slot("unit", "u")),
        ("iedere", Slot("unit", "u")),
    ]


@pytest.mark.parametrize("pattern", ["(a", "a)", "[a", "(a]", "<unknown> b", "<open> b", "[a]", "", "{a b}"])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        steps(pattern, {"open": "(a"})


def test_a_pattern_knows_its_words() -> None:
    assert Pattern("clock", steps("half {number} [uur]", {})).words == {"half", "uur"}


def test_without_a_template_the_only_slot_is_what_is_meant() -> None:
    pattern = Pattern("clock", steps("half {number:n}", {}))
    assert pattern.rule(("n",)).template == "$n"
    assert pattern.rule(()).template == {}


PATTERNS = st.recursive(
    st.sampled_from(["a", "b", "c", "{day}", "{day:d}", "<every>"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        inner.map(lambda part: f"[{part}]"),
    ),
    max_leaves=8,
)


@given(st.lists(PATTERNS, min_size=1, max_size=4))
def test_the_tree_finds_in_any_words_what_the_patterns_allow(patterns: list[str]) -> None:
    root = Node()
    allowed: dict[tuple[str, ...], set[int]] = {}
    for number, pattern in enumerate(patterns):
        first = steps(f"x {pattern}", {"every": "(a|b c)"})
        root.add(Pattern(str(number), first))
        for row in sequences(first):
            allowed.setdefault(tuple(_key(symbol) for symbol in row), set()).add(number)
    longest = max(len(row) for row in allowed)
    for length in range(1, min(longest, 4) + 1):
        for row in product("abcx@", repeat=length):
            assert _found(root, row) == allowed.get(row, set())


def _key(symbol: Symbol) -> str:
    return "@" if isinstance(symbol, Slot) else symbol


def _found(node: Node, row: tuple[str, ...]) -> set[int]:
    words, classes, rules = node.grown or node.grow()
    if not row:
        return {int(rule.class_) for rule in rules}
    following = classes.get("day") if row[0] == "@" else words.get(row[0])
    return _found(following, row[1:]) if following else set()
