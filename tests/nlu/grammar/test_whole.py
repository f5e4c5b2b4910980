"""Tests of what is said once for several needs."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.attach import Piece
from nlu.grammar.items import find
from nlu.grammar.whole import part_off
from nlu.packs import load
from tests.nlu.test_care_reader import NOW, READER, in_words, rows

UNTIL: dict[str, Any] = {"until": {"day": 1, "month": 3}, "inclusive": False}


@pytest.mark.parametrize(("language", "row"), rows("whole"))
def test_what_is_said_once_is_of_every_need(language: str, row: dict[str, Any]) -> None:
    assert [in_words(need) for need in READER.read(row["say"], language, NOW).needs] == row["needs"]


def test_of_one_need_all_stays_in_the_row() -> None:
    row = [Piece("T", UNTIL, whole=True), Piece("S", ["walk"])]
    assert part_off(row, find("", load("en"))) == (row, [])


def test_what_is_taken_out_leaves_its_boundary() -> None:
    found = find("walks, meals, all of it until 1 March", load("en"))
    row = [Piece("S", ["walk"]), Piece("T", UNTIL, boundary=1, whole=True), Piece("S", ["meals"], boundary=1)]
    kept, wholes = part_off(row, found)
    assert [piece.kind for piece in kept] == ["S", "S"]
    assert kept[1].boundary == 1
    assert [whole.said for whole in wholes] == [UNTIL]
