from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.acts.language import detect, languages
from nlu.training.written import written


@pytest.mark.parametrize(
    ("text", "default", "language"),
    [
        ("ik wil graag hulp met douchen", "en", "nl"),
        ("I would like help with showering", "nl", "en"),
        ("wie komt er morgen", "en", "nl"),
        ("who's coming tomorrow", "nl", "en"),
        ("kunt u een cleaning service regelen voor maandag", "en", "nl"),
        ("can you send someone from the thuiszorg tomorrow", "nl", "en"),
        ("ja", "en", "en"),
        ("yes", "nl", "nl"),
        ("ok", "nl", "nl"),
        ("", "en", "en"),
        ("👍", "nl", "nl"),
        ("12:30", "en", "en"),
        ("thank you", "nl", "en"),
        ("dank u", "en", "nl"),
        ("schoonmaak dinsdagochtend graag", "en", "nl"),
        ("evry tusday help wiht showring", "nl", "en"),
        ("elke dinsdach hulp bij t douchen", "en", "nl"),
    ],
)
def test_the_main_language_is_told(text: str, default: str, language: str) -> None:
    assert detect(text, default) == language


@pytest.mark.parametrize("language", ["nl", "en"])
def test_written_sentences_are_told_against_the_default(language: str) -> None:
    other = next(one for one in languages() if one != language)
    sentences = [one.text for one in written(language) if len(one.text.split()) > 4]
    wrong = [text for text in sentences if detect(text, other) != language]
    assert len(wrong) <= 0.01 * len(sentences), wrong


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert detect(text, "nl") in languages()
