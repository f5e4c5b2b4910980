"""Repair of misspelled words, only within the words that the language pack knows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SOUNDS = (("ch", "g"), ("ei", "ij"), ("dt", "t"), ("ph", "f"), ("v", "f"), ("z", "s"), ("ck", "k"), ("y", "ij"))


def sound(word: str) -> str:
    """A key that words have in common when they sound alike."""
    for spelled, heard in _SOUNDS:
        word = word.replace(spelled, heard)
    folded = [sign for place, sign in enumerate(word) if place == 0 or sign != word[place - 1]]
    if folded and folded[-1] == "d":
        folded[-1] = "t"
    return "".join(folded)


class Repair:
    """Finds the one word of a closed vocabulary that was meant."""

    def __init__(self, vocabulary: Iterable[str], known: Iterable[str]) -> None:
        """`vocabulary` is what may be meant; `known` words are right as they are."""
        self._vocabulary = frozenset(word for word in vocabulary if len(word) >= 4 and word.isalpha())
        self._known = frozenset(known) | frozenset(vocabulary)
        self._by_length: dict[int, tuple[str, ...]] = {}
        for length in {len(word) for word in self._vocabulary}:
            self._by_length[length] = tuple(sorted(word for word in self._vocabulary if len(word) == length))
        self._windows: dict[tuple[int, int], list[str]] = {}
        self._by_sound: dict[str, set[str]] = {}
        for word in self._vocabulary:
            self._by_sound.setdefault(sound(word), set()).add(word)
        self.word = lru_cache(maxsize=20_000)(self._word)

    def _near(self, length: int, allowed: int) -> list[str]:
        """The words of the vocabulary that are about as long."""
        key = (length, allowed)
        if key not in self._windows:
            spread = range(length - allowed, length + allowed + 1)
            self._windows[key] = [word for size in spread for word in self._by_length.get(size, ())]
        return self._windows[key]

    def _word(self, word: str) -> str:
        """The word that was meant, or the word itself."""
        if len(word) < 4 or len(word) > 24 or word in self._known:
            return word
        if word.endswith("e") and word + "n" in self._vocabulary:
            return word + "n"
        alike = self._by_sound.get(sound(word), set())
        if len(alike) == 1:
            return next(iter(alike))
        # A word one letter away from an ordinary word is more likely that word: those stand in `known`.
        allowed = 2 if len(word) >= 7 else 1
        found = process.extract(
            word, self._near(len(word), allowed), scorer=OSA.distance, score_cutoff=allowed, limit=12, processor=None
        )
        # Short words: the first letter is seldom wrong, and without it half the language is one letter away.
        close = [
            (distance, candidate)
            for candidate, distance, _ in found
            if (candidate[0] == word[0] or (len(word) >= 6 and distance == 1)) and not _other_letter(word, candidate)
        ]
        least = min((distance for distance, _ in close), default=0)
        best = [candidate for distance, candidate in close if distance == least]
        return _pick(word, best)


def _other_letter(word: str, candidate: str) -> bool:
    """Whether a short word has another letter in place of one: it is as likely a word of its own ("week", "weak")."""
    return (
        len(word) == len(candidate) == 4
        and _skeleton(word) != _skeleton(candidate)
        and sorted(word) != sorted(candidate)
    )


def _skeleton(word: str) -> str:
    """The consonants of a word as they sound: those are seldom wrong."""
    return "".join(sign for sign in sound(word) if sign not in "aeiou")


def _pick(word: str, best: list[str]) -> str:
    """The one candidate; of several the one with the same consonants, or of forms of one word the likeliest."""
    if len(best) > 1:
        bones = _skeleton(word)
        distances = {candidate: OSA.distance(bones, _skeleton(candidate)) for candidate in best}
        best = [candidate for candidate in best if distances[candidate] == min(distances.values())]
    if len(best) < 2:
        return best[0] if best else word
    if len({candidate[:3] for candidate in best}) > 1:
        return word
    return min(best, key=lambda candidate: (not candidate.startswith(word), abs(len(candidate) - len(word)), candidate))
