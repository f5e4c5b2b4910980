"""Tests of which time is the old one and which the new."""

from __future__ import annotations

import pytest

from nlu.grammar.items import find
from nlu.grammar.masks import when_label
from nlu.grammar.roles import roles
from nlu.grammar.sense import sense
from nlu.grammar.targets import said_days
from nlu.packs import load


@pytest.mark.parametrize(
    ("language", "text", "old", "new"),
    [
        ("en", "move my Tuesday shower to Wednesday", [["TU"]], [["WE"]]),
        ("en", "move it from Tuesday to Thursday", [["TU"]], [["TH"]]),
        ("en", "Wednesday instead of Monday", [["MO"]], [["WE"]]),
        ("nl", "dinsdag kan ik niet, doe maar woensdag", [["TU"]], [["WE"]]),
        ("nl", "de schoonmaak van maandag naar vrijdag", [["MO"]], [["FR"]]),
        ("nl", "liever donderdag dan dinsdag", [["TU"]], [["TH"]]),
        ("nl", "de strijk is nu op dinsdag, kan dat op vrijdag worden", [["TU"]], [["FR"]]),
        ("nl", "zet de strijk van dinsdag maar op vrijdag, dinsdag heb ik koor", [["TU"], ["TU"]], [["FR"]]),
        ("nl", "de kapster van dinsdag zou beter op vrijdag komen", [["TU"]], [["FR"]]),
        ("en", "the ironing is on Tuesday now, may that be on Friday", [["TU"]], [["FR"]]),
        ("en", "the hairdresser of Tuesday would do better on Friday", [["TU"]], [["FR"]]),
    ],
)
def test_old_and_new_days(language: str, text: str, old: list[list[str]], new: list[list[str]]) -> None:
    pack = load(language)
    found = find(text, pack)
    meant = sense(found, pack)
    from_, to = roles(found, said_days(found, meant), meant, pack.now_words)
    assert [item.value.get("days") for item in from_] == old
    assert [item.value.get("days") for item in to] == new
    assert all(when_label(item.value) == "WEEKDAY" for item in (*from_, *to))
