"""Tests of what is asked for beside each other."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.tasks import own_task
from nlu.packs import load


@pytest.mark.parametrize(
    ("language", "text", "own"),
    [
        ("nl", "iemand die de tegels opnieuw legt, en iemand voor de was op maandag", True),
        ("nl", "iemand nodig om de kachel te vegen en ook iemand voor de pedicure", True),
        ("nl", "iemand, liefst een vrouw, en iemand voor de was op maandag", False),
        ("nl", "iemand die de was doet, en iemand voor de ramen op maandag", False),
        ("nl", "iemand die de tegels opnieuw legt, op maandag", False),
        ("en", "someone to lay the tiles again, and someone for the laundry on Monday", True),
        ("en", "someone to lay the tiles again, on Monday", False),
    ],
)
def test_a_task_that_no_word_names_stands_beside_one_that_is_named(language: str, text: str, own: bool) -> None:
    pack = load(language)
    found = find(text, pack)
    somebody = next(item for item in found.items if item.class_ == "someone")
    assert own_task(found, somebody, pack) is own
