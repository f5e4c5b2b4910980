"""What the act classifier looks at: words, letter groups, concepts, the masked text and the reader's signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from nlu.acts.concepts import concept_grams
from nlu.acts.text import words

BLOCKS: dict[str, float] = {"w": 1.0, "c": 1.3, "m": 1.0, "s": 0.6, "k": 1.2}
"""The kinds of feature with the weight of each kind; a feature's first letter tells its kind."""

_LETTERS = (3, 4, 5)
_MASKED_LONGEST = 3


def features(text: str, masked: str, signals: Mapping[str, bool]) -> set[str]:
    """The features of one message: word pairs, letter groups within words, masked word triples and signals."""
    found = words(text)
    result = {*word_features(text)}
    result.update(_grams("m", ["^", *masked.split(), "$"], _MASKED_LONGEST))
    result.update(f"s{name}" for name, present in signals.items() if present)
    # Combinations say more than their parts: a service with a date is a request, either alone may be a question.
    present = sorted(name for name, value in signals.items() if value)
    result.update(f"s{one}+{other}" for at, one in enumerate(present) for other in present[at + 1 :])
    result.add(f"s#{min(len(found), 12) // 3}")
    return result


@lru_cache(maxsize=8)
def word_features(text: str) -> frozenset[str]:
    """The features that the words of a text have by themselves, without what the care reader saw in them.

    Those of the last texts are remembered: a message is looked at for its act, and again for danger.
    """
    found = words(text)
    result = set(_grams("w", ["^", *found, "$"], 2))
    for word in set(found):
        result.update(_letter_groups(word))
    result.update(f"k{gram}" for gram in concept_grams(found))
    return frozenset(result)


@lru_cache(maxsize=20_000)
def _letter_groups(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(f"c{padded[at : at + size]}" for size in _LETTERS for at in range(max(1, len(padded) - size + 1)))


def _grams(kind: str, items: Sequence[str], longest: int) -> list[str]:
    return [
        kind + " ".join(items[at : at + size]) for size in range(1, longest + 1) for at in range(len(items) - size + 1)
    ]
