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
        ("nl", "Elke maandag de was. Ten tweede een plank recht hangen, morgen om drie uur.", {COUNTS}),
        ("en", "help for my son on Tuesday", {COUNTS}),
    ],
)
def test_what_clauses_are(language: str, text: str, verdicts: set[str]) -> None:
    pack = load(language)
    found = find(text, pack)
    assert {verdict for clause, verdict in Relevance(found, pack, clauses(found)).judge() if clause.items} == verdicts


LETTERS = {
    "nl": "Beste mensen, ik schrijf u omdat mijn vrouw en ik het met z'n tweeën niet goed meer redden in huis. Ik zoek "
    "iemand voor de ramen, elke eerste dinsdag van de maand om tien uur. {} Alvast hartelijk dank voor de moeite en "
    "tot ziens. Groeten van ons beiden, wij wonen hier al veertig jaar met veel plezier.",
    "en": "Dear people, I am writing because my wife and I no longer manage the house very well between the two of us. "
    "I need someone for the windows, every first Tuesday of the month at ten. {} Many thanks for all the trouble, and "
    "goodbye. Regards from the both of us, we have lived here for forty years and like it.",
}


@pytest.mark.parametrize(
    ("language", "sentence", "verdict"),
    [
        ("nl", "De was op woensdag om elf uur, ik kan de mand niet meer tillen.", COUNTS),
        ("nl", "De hond, hij trekt nogal, elke ochtend om acht uur uitlaten.", COUNTS),
        ("nl", "Vanaf 3 maart hebben wij ook dit nodig.", COUNTS),
        ("nl", "En voor dat kastje, want ik snap er niets van, dinsdag 8 december om tien uur.", COUNTS),
        ("nl", "Dinsdag 8 december om tien uur komt de dokter.", ASIDE),
        ("nl", "Zaterdag de verjaardag van mijn zus, daar ging ik vroeger altijd heen.", ASIDE),
        ("nl", "Mijn zus komt op zaterdag met de hond.", OTHERS),
        ("en", "The washing on Wednesdays at eleven, I can't lift the basket any more.", COUNTS),
        ("en", "The dog, he pulls rather, every morning at eight for a walk.", COUNTS),
        ("en", "Starting 3 March they'll need a few more things.", COUNTS),
        ("en", "We had the garden done on Saturdays in those days.", ASIDE),
        ("en", "Starting Monday 19 April they'll need a good deal.", COUNTS),
        ("en", "Starting tomorrow, the house too.", COUNTS),
        ("en", "Until the end of May we would need somebody.", COUNTS),
        ("en", "We were happy here until last May.", ASIDE),
        ("en", "From 3 May my sister comes.", OTHERS),
        ("en", "From 3 May the garden.", ASIDE),
    ],
)
def test_in_a_letter_counts_what_is_jotted_down_whatever_is_told_behind_it(
    language: str, sentence: str, verdict: str
) -> None:
    pack = load(language)
    found = find(LETTERS[language].format(sentence), pack)
    begin = LETTERS[language].index("{}")
    judged = Relevance(found, pack, clauses(found)).judge()
    said = (verdict for clause, verdict in judged if clause.items and found.words[clause.items[0].first].start >= begin)
    assert next(said) == verdict
