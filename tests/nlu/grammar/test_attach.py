"""Tests of which schedule belongs to which service."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.attach import Block, Piece, cut, sentences

DAILY: dict[str, Any] = {"freq": "DAILY"}
MONDAY: dict[str, Any] = {"days": ["MO"], "every": True}
FRIDAY: dict[str, Any] = {"days": ["FR"], "every": True}


def row(*parts: object) -> list[Piece]:
    pieces: list[Piece] = []
    boundary = 0
    for place, part in enumerate(parts):
        if part == ",":
            boundary = 1
            continue
        kind = "T" if isinstance(part, dict) else "W" if part == "someone" else "S"
        pieces.append(Piece(kind, part if kind == "T" else [part], boundary, place))
        boundary = 0
    return pieces


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (row(MONDAY, "walk", ",", FRIDAY, "meals"), [["walk"], ["meals"]]),
        (row("walk", MONDAY, ",", "meals", FRIDAY), [["walk"], ["meals"]]),
        (row(MONDAY, "walk", FRIDAY, "meals"), [["walk"], ["meals"]]),
        (row("walk", ",", "meals", MONDAY), [["walk", "meals"]]),
        (row("walk", MONDAY, ",", FRIDAY), [["walk"], []]),
        (row("someone", MONDAY, "walk"), [["walk"]]),
    ],
)
def test_blocks(pieces: list[Piece], expected: list[list[str]]) -> None:
    assert [block.services for block in cut(pieces).blocks] == expected


def test_nothing_gives_no_blocks() -> None:
    assert cut([]).blocks == []


@pytest.mark.parametrize(
    ("boundaries", "sizes"),
    [([], []), ([0, 1, 0], [3]), ([2, 0, 2, 1], [2, 2]), ([1, 2, 2], [1, 1, 1])],
)
def test_a_row_is_cut_where_a_full_stop_stands(boundaries: list[int], sizes: list[int]) -> None:
    pieces = [Piece("S", ["walk"], boundary) for boundary in boundaries]
    assert [len(sentence) for sentence in sentences(pieces)] == sizes
    blocks = [Block(boundary=boundary) for boundary in boundaries]
    assert [len(sentence) for sentence in sentences(blocks)] == sizes


@pytest.mark.parametrize(
    ("said", "expected"),
    [({"dur": [60, 60]}, ["dur"]), ({"times": [540]}, ["times"]), ({"part": "morning"}, [])],
)
def test_a_length_or_hour_between_commas_is_of_what_stands_before_it(said: dict[str, Any], expected: list[str]) -> None:
    first, _ = cut(row(MONDAY, "walk", ",", said, ",", FRIDAY, "meals")).blocks
    assert sorted(first.frame.said.keys() - MONDAY.keys()) == expected
