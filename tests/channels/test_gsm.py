from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.gsm import is_gsm, septets, to_gsm


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("’s Ochtends – “goed” …", '\'s Ochtends - "goed" ...'),
        ("Daniëlle en Loïs", "Danielle en Lois"),
        ("één café, ça va, Zoë", "één café, ca va, Zoe"),
        ("Şebnem Yılmaz", "Şebnem Yılmaz"),
        ("€ 24,00 per uur", "€ 24,00 per uur"),
        ("goed 🙂 – “ja”", "goed 🙂 – “ja”"),
        ("IJsbreker of IJsbreker", "IJsbreker of IJsbreker"),
    ],
)
def test_signs_become_plain_where_the_whole_text_can_be(text: str, plain: str) -> None:
    assert to_gsm(text) == plain


def test_some_signs_count_double() -> None:
    assert septets("€ [a]") == 8
    assert septets("abc") == 3


@given(st.text(max_size=100))
def test_a_text_is_plain_afterwards_or_as_it_was(text: str) -> None:
    assert is_gsm(to_gsm(text)) or to_gsm(text) == text


@given(st.text(alphabet="abc 123'\"éèäöñ", max_size=100))
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert to_gsm(text) == text
