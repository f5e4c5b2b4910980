"""Tests of days on which nobody is there who helps otherwise."""

from __future__ import annotations

import pytest

from nlu.grammar.absence import lacking, well_then
from nlu.grammar.items import find
from nlu.grammar.meaning import clauses
from nlu.packs import load


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("nl", "Met Pinksteren heb ik niemand. Kan er om tien uur iemand komen wandelen?", True),
        ("nl", "Volgende week is de buurman op vakantie. Graag elke dag om vier uur de hond uitlaten.", True),
        ("nl", "Dinsdag heb ik niemand. Op woensdag graag om tien uur de ramen.", False),
        ("nl", "Dinsdag heb ik niemand nodig. Kan er om tien uur iemand wandelen?", False),
        ("nl", "Volgende week ga ik weg. Graag elke dag om vier uur wandelen.", False),
        ("en", "On Whit Monday I've nobody. Could someone come at ten for a walk?", True),
        ("en", "My son is abroad next week. A walk every day at four, please.", True),
    ],
)
def test_then_somebody_else_is_wanted_where_no_other_day_is_named(language: str, text: str, wanted: bool) -> None:
    found = find(text, load(language))
    row = clauses(found)
    assert lacking(row[0], row, found, load(language)) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Doordeweeks slaapt opa goed, maar in het weekend is er niemand. Kan er om tien uur iemand komen?", True),
        ("Doordeweeks graag iemand, maar in het weekend is er niemand nodig.", False),
        ("Doordeweeks slaapt opa goed. In het weekend is er niemand.", False),
    ],
)
def test_on_other_days_somebody_is_there(text: str, wanted: bool) -> None:
    pack = load("nl")
    found = find(text, pack)
    row = clauses(found)
    assert well_then(row[0], row, found, pack) is wanted
