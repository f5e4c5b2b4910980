"""Tests of what is said to be polite, which is left out before reading."""

from __future__ import annotations

from datetime import datetime

import pytest

from care.clock import TZ
from nlu.care_reader import CareReader
from nlu.grammar.courtesies import without_courtesies
from nlu.grammar.items import find
from nlu.packs import load

READER = CareReader()
NOW = datetime(2026, 11, 23, 9, tzinfo=TZ)
POLITE = (
    "if it's not too much trouble",
    "if that isn't a problem",
    "no hurry",
    "it's not urgent",
    "I hope you don't mind",
    "no need to ring me back",
    "if it can't be done just say so",
    "I don't want to be a nuisance",
    "don't ring the bell",
    "nothing fancy",
)


@pytest.mark.parametrize("polite", POLITE)
@pytest.mark.parametrize("between", [" ", ", ", ". "])
def test_what_is_polite_leaves_nothing_out(polite: str, between: str) -> None:
    plain = READER.read("the windows on Friday at eleven", "en", NOW)
    said = READER.read(f"the windows on Friday at eleven{between}{polite}", "en", NOW)
    assert said.needs == plain.needs
    assert said.said is not None
    assert polite not in said.said


@pytest.mark.parametrize(
    "polite",
    [
        "als dat niet te veel moeite is",
        "als het geen probleem is",
        "er is geen haast bij",
        "ik hoop dat u het niet erg vindt",
        "u hoeft niet terug te bellen",
        "als het niet lukt hoor ik het graag",
    ],
)
def test_so_it_is_in_dutch(polite: str) -> None:
    plain = READER.read("de ramen vrijdag om elf uur", "nl", NOW)
    assert READER.read(f"de ramen vrijdag om elf uur {polite}", "nl", NOW).needs == plain.needs


def test_a_message_of_politeness_alone_stays_whole() -> None:
    found = find("no need to ring me back", load("en"))
    assert without_courtesies(found) is found


def test_what_is_urgent_or_asks_for_a_call_is_none() -> None:
    for text in ("a nurse tomorrow, it's urgent", "please ring me back about Friday", "no need to call on Friday"):
        found = find(text, load("en"))
        assert without_courtesies(found) is found
