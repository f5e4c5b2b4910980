"""A service that is named once more: with the days that are its own, or with what is left out for it alone.

"A cook and someone for the garden; the cook on Mondays, the garden every other Friday": nothing is wanted twice.
"Help with dressing and a walk every day; the walk not on Sundays": the exception is of the walk alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from nlu.grammar.attach import Block, Piece
from nlu.grammar.frames import When


@dataclass
class Repeats:
    """The row without what was named twice; `apart` are services with an exception of their own."""

    pieces: list[Piece] = field(default_factory=list)
    apart: list[tuple[str, When]] = field(default_factory=list)


def fold(pieces: Sequence[Piece], kin: Mapping[str, Collection[str]]) -> Repeats:
    """The row in which every service stands once; `kin` are services that may mean the one they are listed with."""
    folded = Repeats(list(pieces))
    _exceptions_apart(folded, kin)
    _announced(folded, kin)
    return folded


def _exceptions_apart(folded: Repeats, kin: Mapping[str, Collection[str]]) -> None:
    """Take out a service that is named again only to leave days out for it."""
    row = folded.pieces
    for place in range(len(row) - 1, 0, -1):
        piece = row[place]
        end = next((at for at in range(place + 1, len(row)) if row[at].kind != "X"), len(row))
        if piece.kind != "S" or end == place + 1 or (end < len(row) and row[end].kind == "T" and not row[end].boundary):
            continue
        named = [before.value for before in row[:place] if before.kind == "S"]
        first = next((value for value in named if _same(value, piece.value, kin)), None)
        others = [value for value in named if not _same(value, piece.value, kin)]
        if first is None or not others or not piece.boundary:
            continue
        folded.apart += [(key, exception.value) for key in first for exception in row[place + 1 : end]]
        if end < len(row):
            row[end].boundary = max(row[end].boundary, piece.boundary)
        del row[place:end]


def _announced(folded: Repeats, kin: Mapping[str, Collection[str]]) -> None:
    """Drop the services of a list without any days where each is named again with days of its own."""
    sentences = _sentences(folded.pieces)
    for number, sentence in enumerate(sentences[:-1]):
        if any(piece.kind in "TX" for piece in sentence):
            continue
        later = [piece for other in sentences[number + 1 :] for piece in other]
        for piece in [piece for piece in sentence if piece.kind == "S"]:
            again = next(
                (at for at, other in enumerate(later) if other.kind == "S" and _same(piece.value, other.value, kin)),
                None,
            )
            if again is None or not _scheduled(later, again):
                continue
            later[again].value = list(piece.value)
            folded.pieces = [other for other in folded.pieces if other is not piece]


def _scheduled(row: Sequence[Piece], place: int) -> bool:
    """Whether a schedule phrase stands beside a service, nearer to it than to another one."""
    before = row[place - 1] if place else None
    after = row[place + 1] if place + 1 < len(row) else None
    if after is not None and after.kind == "T":
        return True
    return before is not None and before.kind == "T" and not row[place].boundary


def _same(first: Collection[str], second: Collection[str], kin: Mapping[str, Collection[str]]) -> bool:
    """Whether the second names what the first named, perhaps in a wider word ("the meals" for help with eating)."""
    return all(key in first or any(key in kin.get(other, ()) for other in first) for key in second)


def _sentences(pieces: Sequence[Piece]) -> list[list[Piece]]:
    row: list[list[Piece]] = []
    for piece in pieces:
        if piece.boundary == 2 or not row:
            row.append([])
        row[-1].append(piece)
    return row


def set_apart(blocks: list[Block], apart: Sequence[tuple[str, When]]) -> list[Block]:
    """The blocks, where a service with an exception of its own has a block of its own."""
    for key, exception in apart:
        row: list[Block] = []
        for block in blocks:
            if key not in block.services:
                row.append(block)
                continue
            others = [service for service in block.services if service != key]
            if others:
                row.append(block.alone(others))
            own = block.alone([key])
            own.exceptions.append(exception)
            row.append(own)
        blocks = row
    return blocks
