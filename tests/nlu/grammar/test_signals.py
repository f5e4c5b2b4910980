"""What a message has in it, as yes or no."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.signals import jots_down, looks_after, moves_visit, swaps_days
from nlu.packs import load


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        ("We ask that you change his cleaning visits to Tuesdays", True),
        ("Would you be so kind as to move the walk from Monday to Thursday afternoon", True),
        ("Could someone change the sheets on Tuesdays", False),
        ("Could someone move the chairs. Then to Tuesday.", False),
    ],
)
def test_a_sentence_says_that_a_visit_is_moved(text: str, moves: bool) -> None:
    assert moves_visit(find(text, load("en"))) is moves


@pytest.mark.parametrize(
    ("text", "jotted"),
    [
        ("op 3 juni de kapper, op 10 juni de pedicure", True),
        ("iemand voor de was op 7 en 9 december", True),
        ("op 3 juni de kapper, op 10 juni de pedicure niet", False),
        ("op 3 juni de kapper, de pedicure", False),
        ("de kapper op 3 juni", False),
        ("op 3 juni was ik bij de kapper, op 10 juni bij de pedicure", False),
    ],
)
def test_a_message_only_jots_down_services_with_their_days(text: str, jotted: bool) -> None:
    pack = load("nl")
    assert jots_down(find(text, pack), pack) is jotted


@pytest.mark.parametrize(
    ("language", "text", "behind"),
    [
        ("nl", "volgende week zijn we weg, de kanarie voeren", True),
        ("nl", "de kanarie voeren zolang ik weg ben", True),
        ("nl", "volgende week zijn we weg, de kanarie niet", False),
        ("nl", "volgende week zijn we weg, de kapper", False),
        ("nl", "elke dag de kanarie voeren", False),
        ("en", "we're away next week, feed the cat please", True),
        ("en", "we're away next week, nobody for the cat", False),
    ],
)
def test_what_lives_at_home_is_to_be_looked_after(language: str, text: str, behind: bool) -> None:
    pack = load(language)
    assert looks_after(find(text, pack), pack) is behind


@pytest.mark.parametrize(
    ("text", "swaps"),
    [
        ("De kapper niet morgen maar vrijdag 27 november", True),
        ("Morgen ben ik er niet, kan de kapper dan vrijdag?", True),
        ("Morgen kan ik niet, kan het dan donderdag?", True),
        # Days that are all left out, or of which nothing is said to take the place of another.
        ("Morgen ben ik er niet, hoeft de kapper dan vrijdag ook niet?", False),
        ("Morgen ben ik er niet en vrijdag ook niet", False),
        ("Niet morgen, dan vrijdag", False),
        ("Morgen niet, maar vrijdag wel", False),
        ("Niet op maandag, dinsdag maar woensdag om tien uur en donderdag om elf uur", False),
    ],
)
def test_a_day_takes_the_place_of_another(text: str, swaps: bool) -> None:
    assert swaps_days(find(text, load("nl"))) is swaps
