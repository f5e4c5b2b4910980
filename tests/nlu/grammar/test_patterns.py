"""Tests of the sentence patterns of the language packs."""

from __future__ import annotations

import pytest

from nlu.grammar.patterns import Node, PatternError, Rule, Slot, sequences


def test_choices_and_options_give_every_sequence() -> None:
    assert sequences("(a|b c) [d]", {}) == [("a",), ("a", "d"), ("b", "c"), ("b", "c", "d")]


def test_slots_and_named_pieces() -> None:
    assert sequences("<every> {unit:u}", {"every": "(elke|iedere)"}) == [
        ("elke", Slot("unit", "u")),
        ("iedere", Slot("unit", "u")),
    ]


@pytest.mark.parametrize("pattern", ["(a", "a)", "[a", "<unknown> b", "[a]", ""])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        sequences(pattern, {})


def test_the_tree_knows_its_words() -> None:
    root = Node()
    for sequence in sequences("half {number} [uur]", {}):
        root.add(sequence, Rule("clock", None, ("number",)))
    assert set(root.vocabulary()) == {"half", "uur"}
