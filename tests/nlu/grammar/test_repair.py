"""Tests of the repair of misspelled words."""

from __future__ import annotations

import pytest

from nlu.grammar.repair import slip
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
        ("nl", "donderdach", "donderdag"),
        ("nl", "januwari", "januari"),
        ("nl", "vrijdga", "vrijdag"),
        ("nl", "zndag", "zondag"),
        ("en", "saterdays", "saturdays"),
        ("en", "afternon", "afternoon"),
        ("en", "wlak", "walk"),
        ("en", "sundy", "sunday"),
        ("en", "desember", "december"),
    ],
)
def test_slips_within_the_vocabulary_are_mended(language: str, word: str, meant: str) -> None:
    assert load(language).repair.word(word) == meant


@pytest.mark.parametrize(
    ("language", "word"),
    [("nl", "scheef"), ("nl", "beneden"), ("nl", "tuinen"), ("nl", "nier"), ("nl", "voordeur"), ("nl", "opgeschreven"),
     ("en", "shivering"), ("en", "settee"), ("en", "zimmer"), ("en", "ninetieth"), ("en", "situation"), ("en", "steam"),
     ("nl", "bedrijf"), ("nl", "knie"), ("nl", "toeren"), ("nl", "nuchter"), ("nl", "boven"), ("nl", "schilder"),
     ("en", "easier"), ("en", "painter"), ("en", "knee"), ("en", "further"), ("en", "weather"),
     ("nl", "dag"), ("nl", "dan"), ("nl", "zeven"), ("nl", "leven"), ("nl", "jansen"), ("nl", "wandelstok"),
     ("en", "do"), ("en", "weak"), ("en", "mourning"), ("en", "sundry"), ("en", "xyzzyplugh")],
)  # fmt: skip
def test_other_words_are_left_as_they_are(language: str, word: str) -> None:
    assert load(language).repair.word(word) == word


@pytest.mark.parametrize(
    ("likely", "unlikely", "meant"),
    [
        ("vrijdga", "vrijdax", "vrijdag"),  # letters that change places
        ("tuesdey", "tuesdxy", "tuesday"),  # a vowel
        ("mornimg", "morniqg", "morning"),  # side by side on the keyboard
        ("wassen", "wasken", "wassen"),
        ("wasse", "wasst", "wassen"),  # the last letter left out
        ("tommorrow", "toxmorrow", "tomorrow"),  # doubled
        ("wekk", "wexk", "week"),  # the wrong one doubled
    ],
)
def test_likely_slips_cost_less(likely: str, unlikely: str, meant: str) -> None:
    assert slip(likely, meant) < slip(unlikely, meant)
    assert slip(meant, meant) == 0
