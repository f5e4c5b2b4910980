"""Tests of the repair of misspelled words."""

from __future__ import annotations

import pytest

from nlu.packs import load


@pytest.mark.parametrize(
    ("language", "word", "meant"),
    [
        ("nl", "dinsdach", "dinsdag"),
        ("nl", "woendsag", "woensdag"),
        ("nl", "schoonmaek", "schoonmaak"),
        ("nl", "steunkouse", "steunkousen"),
        ("nl", "ochtent", "ochtend"),
        ("en", "tusday", "tuesday"),
        ("en", "wensday", "wednesday"),
        ("en", "showring", "showering"),
        ("en", "mornig", "morning"),
    ],
)
def test_slips_within_the_vocabulary_are_mended(language: str, word: str, meant: str) -> None:
    assert load(language).repair.word(word) == meant


@pytest.mark.parametrize(
    ("language", "word"),
    [("nl", "dag"), ("nl", "dan"), ("nl", "zeven"), ("nl", "leven"), ("nl", "jansen"), ("nl", "wandelstok"),
     ("en", "do"), ("en", "weak"), ("en", "mourning"), ("en", "sundry"), ("en", "xyzzyplugh")],
)  # fmt: skip
def test_other_words_are_left_as_they_are(language: str, word: str) -> None:
    assert load(language).repair.word(word) == word
