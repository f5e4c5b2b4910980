"""What the classifier of asides looks at: the words of a sentence, letter groups in them, and what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

BLOCKS: dict[str, float] = {"w": 1.0, "c": 1.0, "m": 1.0}
"""The kinds of feature with the weight of each kind; a feature's first letter tells its kind."""

_LETTERS = (3, 4, 5)
_LONGEST = 3
_NUMBER = "#"
_MARKS = frozenset(".,;:!?\n")


def features(words: Sequence[str], masked: Sequence[str]) -> set[str]:
    """The features of one sentence: `masked` are its words with class words for times, services and names.

    Numbers are all alike, and a question mark counts as a word: who asks does not only tell.
    """
    said = [_NUMBER if word[0].isdigit() else word for word in words if word not in _MARKS or word == "?"]
    seen = [word for word in masked if word not in _MARKS or word == "?"]
    result = set(_grams("w", ["^", *said, "$"], 2))
    result.update(_grams("m", ["^", *seen, "$"], _LONGEST))
    for word in said:
        result.update(_groups_of(word))
    return result


def _grams(kind: str, items: Sequence[str], longest: int) -> list[str]:
    return [
        kind + " ".join(items[at : at + size]) for size in range(1, longest + 1) for at in range(len(items) - size + 1)
    ]


@lru_cache(maxsize=20_000)
def _groups_of(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple({f"c{padded[at : at + size]}" for size in _LETTERS for at in range(max(1, len(padded) - size + 1))})
