"""Tests of which clauses are a request."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.meaning import clauses
from nlu.grammar.relevance import ASIDE, COUNTS, OTHERS, Relevance
from nlu.packs import load


@pytest.mark.parametrize(
    ("language", "text", "verdicts"),
    [
        ("nl", "elke dag koken, zaterdag kookt mijn zoon", {COUNTS, OTHERS}),
        ("en", "meals every day, Saturday my son cooks", {COUNTS, OTHERS}),
        ("nl", "mijn man is in maart overleden, ik zoek iemand voor de tuin", {ASIDE, COUNTS}),
        ("en", "my husband died in March, I need someone for the garden", {ASIDE, COUNTS}),
        ("nl", "hulp voor mijn zoon op dinsdag", {COUNTS}),
        ("en", "help for my son on Tuesday", {COUNTS}),
    ],
)
def test_what_clauses_are(language: str, text: str, verdicts: set[str]) -> None:
    pack = load(language)
    found = find(text, pack)
    assert {verdict for clause, verdict in Relevance(found, pack, clauses(found)).judge() if clause.items} == verdicts
