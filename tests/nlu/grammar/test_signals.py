"""What a message has in it, as yes or no."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.signals import moves_visit
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
