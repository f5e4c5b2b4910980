"""The numbers and letters of a list within a line ("1) shower on Monday 2) lunch daily"): each begins a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlu.grammar.spelling import HARD_STOPS, Word

_LETTERS = "abcdefghij"
_BEGINS = HARD_STOPS | {":"}


def with_stops(words: Sequence[Word]) -> list[Word]:
    """The words with a full stop in the place of every number or letter that goes on a list within a line.

    Only of two or more, in order from the first on, each with a bracket behind it and none before.
    """
    row = list(words)
    wanted, marks = 0, list[int]()
    for place in range(len(row) - 1):
        if row[place + 1].text != ")" or any(word.text == "(" for word in row[max(place - 1, 0) : place]):
            continue
        if row[place].text in (str(wanted + 1), _LETTERS[wanted : wanted + 1]):
            wanted += 1
            marks.append(place)
    for place in marks if wanted > 1 else ():
        if place and row[place - 1].text not in _BEGINS:
            mark = row[place]
            row[place] = replace(mark, text=".", token=replace(mark.token, text=".", kind="sign"))
    return row
