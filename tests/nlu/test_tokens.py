"""Tests of the tokeniser."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlu.tokens import MAX_CHARACTERS, tokenise


def test_words_numbers_and_signs() -> None:
    assert [token.text for token in tokenise("’s Morgens om 9.30u, 24e; zzp'er t/m één")] == [
        "'s", "morgens", "om", "9.30", "u", ",", "24", "e", ";", "zzp'er", "t/m", "een",
    ]  # fmt: skip


def test_numbers_in_a_row_without_spaces_are_no_decimals() -> None:
    assert [token.text for token in tokenise("om 8,2,6 en 10")] == ["om", "8", ",", "2", ",", "6", "en", "10"]
    assert [token.text for token in tokenise("at 9,5 and 9")] == ["at", "9", ",", "5", "and", "9"]
    assert [token.text for token in tokenise("1,5 uur")] == ["1,5", "uur"]


def test_at_before_an_hour_but_not_in_an_address() -> None:
    assert [token.text for token in tokenise("@ 9, or @10.30")] == ["@", "9", ",", "or", "@", "10.30"]
    assert "@" not in [token.text for token in tokenise("ann@post.example")]


def test_a_forgotten_space_behind_a_stop() -> None:
    assert [token.text for token in tokenise("maandag.Graag om 8")] == ["maandag", ".", "graag", "om", "8"]


@given(st.text(max_size=300))
def test_tokens_lie_where_they_say(text: str) -> None:
    for token in tokenise(text):
        assert 0 <= token.start < token.end <= len(text)


def test_very_long_texts_are_cut() -> None:
    assert tokenise("dag " * 5000)[-1].end <= MAX_CHARACTERS
