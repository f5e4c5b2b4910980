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
        ("nl", "Op 3 december komt de schilder. Kan er op 4 december iemand poetsen?", {ASIDE, COUNTS}),
        ("en", "The painter comes on 3 December. Can someone clean on 4 December?", {ASIDE, COUNTS}),
        ("nl", "elke maandag de ramen, zo zei ik laatst tegen de hond", {ASIDE, COUNTS}),
        ("nl", "De ramen. En elke vrijdag graag de was.", {COUNTS}),
        ("en", "The windows. And the washing every Friday please.", {COUNTS}),
        ("en", "wound care every day after my operation", {COUNTS}),
        ("nl", "hulp voor mijn zoon op dinsdag", {COUNTS}),
        ("en", "help for my son on Tuesday", {COUNTS}),
    ],
)
def test_what_clauses_are(language: str, text: str, verdicts: set[str]) -> None:
    pack = load(language)
    found = find(text, pack)
    assert {verdict for clause, verdict in Relevance(found, pack, clauses(found)).judge() if clause.items} == verdicts
