from __future__ import annotations

import pytest

from nlu.acts.concepts import concept_grams, concepts_of
from nlu.acts.features import BLOCKS, features


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("factuur", "money"),
        ("invoice", "money"),
        ("klachten", "complain"),
        ("declareren", "money"),
        ("regent", "weather"),
    ],
)
def test_words_have_concepts(word: str, concept: str) -> None:
    assert concept in concepts_of(word)


def test_an_unknown_word_has_none() -> None:
    assert concepts_of("xyzzy") == ()


def test_languages_share_concepts() -> None:
    assert concept_grams(["factuur"]) & concept_grams(["invoice"]) >= {"money", "^money", "money$"}


def test_features_name_their_kind() -> None:
    found = features("Elke maandag schoonmaak", "EVERY WEEKDAY SERVICE_cleaning", {"service": True, "date": False})
    assert {name[0] for name in found} == set(BLOCKS)
    assert "sservice" in found
    assert "sdate" not in found
    assert "mWEEKDAY SERVICE_cleaning $" in found


def test_an_empty_text_has_features_of_its_edges_only() -> None:
    assert features("", "", {}) >= {"w^ $", "m^ $"}
