"""What a message has in it, as yes or no."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.signals import jots_down, moves_visit
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
