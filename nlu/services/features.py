"""What the service classifier looks at: words, words that follow or nearly follow each other, and groups of letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from nlu.acts.text import words

BLOCKS: dict[str, float] = {"w": 1.0, "p": 0.3, "c": 1.4}
"""The kinds of feature with the weight of each kind; a feature's first letter tells its kind."""

_LETTERS = (2, 3, 4, 5)
_APART = 3
_NUMBER = "#"


def features(text: str) -> set[str]:
    """The features of one piece of a request. Numbers are all alike: they tell of when, not of what."""
    found = said(text)
    result = phrases(found)
    for word in found:
        result.update(groups_of(word))
    return result


def said(text: str) -> list[str]:
    """The words of a text, one sign for every number."""
    return [_NUMBER if word[0].isdigit() else word for word in words(text)]


def phrases(found: Sequence[str]) -> set[str]:
    """The features of words and of words beside each other."""
    result = {f"w{word}" for word in found}
    result.update(f"w{one} {other}" for one, other in pairwise(found))
    for at, one in enumerate(found):
        # Pairs with something between them, as Dutch splits its verbs: "de lamp in de gang vervangen".
        result.update(f"p{one} {other}" for other in found[at + 2 : at + 1 + _APART])
    return result


@lru_cache(maxsize=20_000)
def groups_of(word: str) -> tuple[str, ...]:
    """The groups of two to five letters within a word; its ends count as letters."""
    padded = f" {word} "
    return tuple({f"c{padded[at : at + size]}" for size in _LETTERS for at in range(len(padded) - size + 1)})
