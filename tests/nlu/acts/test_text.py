from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.acts.text import MAX_CHARS, clauses, cuts, plain, words


@pytest.mark.parametrize("written", ["'s avonds", "’s avonds", "`s Avonds", "s avonds"])
def test_apostrophes_and_capitals_make_no_difference(written: str) -> None:
    assert words(written) == ["s", "avonds"]


def test_accents_are_folded() -> None:
    assert plain("Één cliënt") == "een client"


def test_clauses_are_cut_at_punctuation() -> None:
    assert clauses("Ja, graag! Maar… morgen niet") == [["ja"], ["graag"], ["maar"], ["morgen", "niet"]]


def test_cuts_begin_a_new_part_at_a_new_thought() -> None:
    assert cuts("maandag schoonmaak en o ja ik stik") == ["maandag schoonmaak", "en o ja ik stik"]


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert all(word and " " not in word for word in words(text))
    assert all(part.strip() == part and part for part in cuts(text))


def test_long_texts_are_read_in_part() -> None:
    assert len(plain("a" * 3 * MAX_CHARS)) == MAX_CHARS
