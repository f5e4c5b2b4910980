from __future__ import annotations

import pytest

from nlu.acts.phrases import PhraseBook, compile_phrase


def found(source: str, text: str) -> tuple[int, int] | None:
    places = [(start, end) for _, start, end in PhraseBook([compile_phrase("x", source)]).find(text.split())]
    return places[0] if places else None


@pytest.mark.parametrize(
    ("source", "text", "place"),
    [
        ("ben ~2 gevallen", "ik ben net weer gevallen", (1, 5)),
        ("ben ~2 gevallen", "ik ben gevallen", (1, 3)),
        ("ben ~2 gevallen", "ik ben a b c gevallen", None),
        ("lach|lachen dood", "ik moet lachen dood", (2, 4)),
        ("lach* dood", "lachend dood", (0, 2)),
        ("lach dood", "lachend dood", None),
        ("wil niet ?meer leven", "ik wil niet leven", (1, 4)),
        ("wil niet ?meer leven", "ik wil niet meer leven", (1, 5)),
        ("^ gevallen", "gevallen op straat", (0, 1)),
        ("^ gevallen", "ik gevallen", None),
        ("niet meer $", "ik wil niet meer", (2, 4)),
        ("niet meer $", "ik wil niet meer koken", None),
        ("dood", "doodmoe en dood", (2, 3)),
    ],
)
def test_a_phrase_is_found_where_it_stands(source: str, text: str, place: tuple[int, int] | None) -> None:
    assert found(source, text) == place


@pytest.mark.parametrize("source", ["ben (net) gevallen", "Ben gevallen", "~x gevallen", "m'n borst", "a||b"])
def test_what_is_no_phrase_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="not an element"):
        compile_phrase("x", source)


def test_phrases_without_a_whole_word_are_always_tried() -> None:
    assert found("zelfmoord*", "over zelfmoordgedachten") == (1, 2)
