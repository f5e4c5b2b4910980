"""Tests of what is told to be so already, beside what is asked for."""

from __future__ import annotations

import pytest

from nlu.grammar.already import done_themselves, is_had, is_so
from nlu.grammar.items import find
from nlu.grammar.meaning import Clause, clauses
from nlu.packs import load


def sentences(text: str, language: str) -> list[list[Clause]]:
    row: list[list[Clause]] = []
    for clause in clauses(find(text, load(language))):
        if clause.hard or not row:
            row.append([])
        row[-1].append(clause)
    return row


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("De wijkzuster komt om acht uur voor de insuline, daarna graag hulp bij het aankleden.", True),
        ("De wijkzuster mag om acht uur komen, daarna graag hulp bij het aankleden.", False),
        ("Pa krijgt de medicijnen 's middags van de thuiszorg. Kan iemand hem om negen uur bellen?", True),
        ("Ma heeft op dinsdag fysiotherapie. Kan er op vrijdag iemand met haar wandelen?", True),
        ("Ma heeft op dinsdag fysiotherapie. Kan er om tien uur iemand met haar wandelen?", False),
        ("Ma heeft op dinsdag hulp nodig bij het wassen. Kan er op vrijdag iemand met haar wandelen?", False),
    ],
)
def test_what_somebody_has_already_is_not_asked_for(text: str, wanted: bool) -> None:
    row = sentences(text, "nl")
    assert is_had(row[0][0], row[0], row, find(text, load("nl")), load("nl")) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ik begin om zeven uur. Kan er elke ochtend iemand komen om me aan te kleden?", True),
        ("Ik begin om zeven uur. Kan er elke week iemand komen om me aan te kleden?", False),
        ("Donderdag is het kaarten. Graag elke dinsdag iemand voor een wandeling.", True),
        ("Donderdag is een wandeling fijn. Graag om drie uur.", False),
    ],
)
def test_how_it_is_asks_for_nothing(text: str, wanted: bool) -> None:
    row = sentences(text, "nl")
    assert is_so(row[0][0], row, find(text, load("nl")), load("nl")) is wanted


def test_what_they_do_themselves_is_all_that_was_told_before_it() -> None:
    pack = load("nl")
    text = "Ma gaat op maandag zwemmen en op dinsdag naar de kapper, dat regelt ze zelf."
    (sentence,) = sentences(text, "nl")
    assert len(done_themselves(sentence, find(text, pack), pack)) == len(sentence) - 1
    text = "Ma gaat op maandag zwemmen, maar dat kan ze niet meer zelf."
    (sentence,) = sentences(text, "nl")
    assert not done_themselves(sentence, find(text, pack), pack)
