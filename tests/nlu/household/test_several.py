"""How many of the visits to come are meant."""

from __future__ import annotations

import pytest

from nlu.household.several import several


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("nl", "ik wil Maria de komende twee keer niet", 2),
        ("nl", "sla de volgende 3 bezoeken over", 3),
        ("nl", "de eerstvolgende vier keer hoeft niet", 4),
        ("nl", "twee keer per week", None),
        ("nl", "volgende week niet", None),
        ("nl", "de komende 90 keer", None),
        ("en", "I don't want her the next two times", 2),
        ("en", "skip the next couple of visits", 2),
        ("en", "leave out the coming three cleaning visits", 3),
        ("en", "twice next week", None),
        ("en", "the next one", None),
    ],
)
def test_several(language: str, text: str, number: int | None) -> None:
    assert several(text, language) == number
