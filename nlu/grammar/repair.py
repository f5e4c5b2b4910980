"""Repair of misspelled words, only within the words that the language pack knows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.grammar.sounds import Sounds, bones, skeleton

SHORTEST, LONGEST = 3, 24
"""Words of so many letters are mended; the shortest only where a slip is very likely."""
LEFT_OUT = 0.5
"""What it costs to leave out a vowel."""
SOUNDED, BESIDES = 0.1, 0.25
"""What it costs that a word is only meant by its sound, and how much its letters count besides."""


class Repair:
    """Finds the one word of a closed vocabulary that was meant."""

    def __init__(
        self, vocabulary: Iterable[str], known: Iterable[str], times: Iterable[str] = (), sounds: Sounds | None = None
    ) -> None:
        """`vocabulary` is what may be meant; `known` words are right as they are.

        `times` are the words of days, months and hours: few, and unlike other words, so that they are sooner meant.
        `sounds` tells which letters sound alike.
        """
        listed = frozenset(word for word in vocabulary if word.isalpha())
        self._times = frozenset(times)
        self._short = frozenset(word for word in listed if len(word) == SHORTEST)
        self._vocabulary = frozenset(word for word in listed if len(word) > SHORTEST)
        self._known = frozenset(known) | listed
        self._sounds = sounds or Sounds({})
        self._by_length: dict[int, tuple[str, ...]] = {}
        for length in {len(word) for word in self._vocabulary}:
            self._by_length[length] = tuple(sorted(word for word in self._vocabulary if len(word) == length))
        self._windows: dict[tuple[int, int], list[str]] = {}
        self._keys = {word: self._sounds.key(word) for word in self._vocabulary}
        self._by_key: dict[str, set[str]] = {}
        self._by_bones: dict[str, list[str]] = {}
        for word, key in self._keys.items():
            self._by_key.setdefault(key, set()).add(word)
            self._by_bones.setdefault(bones(key), []).append(word)
        self.word = lru_cache(maxsize=20_000)(self._word)

    def knows(self, word: str) -> bool:
        """Whether a word is right as it is, as far as the pack knows."""
        return word in self._known

    def _near(self, length: int, allowed: int) -> list[str]:
        """The words of the vocabulary that are about as long."""
        key = (length, allowed)
        if key not in self._windows:
            spread = range(length - allowed, length + allowed + 1)
            self._windows[key] = [word for size in spread for word in self._by_length.get(size, ())]
        return self._windows[key]

    def _word(self, word: str) -> str:
        """The word that was meant, or the word itself."""
        if len(word) < SHORTEST or len(word) > LONGEST or word in self._known:
            return word
        if len(word) == SHORTEST:
            return self._brief(word)
        if word.endswith("in") and word + "g" in self._vocabulary:
            # As it is said: "cleanin".
            return word + "g"
        if word.endswith("e") and word + "n" in self._vocabulary:
            return word + "n"
        heard = self._sounds.key(word)
        alike = self._by_key.get(heard, set())
        if len(alike) == 1:
            return next(iter(alike))
        # Most slips change one letter; two only in longer words. What counts is how likely the slip is: see `slip`.
        allowed = 2 if len(word) >= 6 else 1
        found = process.extract(
            word, self._near(len(word), allowed), scorer=OSA.distance, score_cutoff=allowed, limit=16, processor=None
        )
        candidates = {candidate for candidate, _, _ in found if self._alike_at_first(word, candidate)}
        candidates.update(self._by_bones.get(bones(heard), ()))
        priced = [(self._price(word, heard, candidate), candidate) for candidate in candidates]
        close = [
            (price + ONCE_MORE * max(OSA.distance(word, candidate) - 1, 0), candidate)
            for price, candidate in priced
            if price <= _most(max(len(word), len(candidate)))
        ]
        least = min((price for price, _ in close), default=0.0)
        return self._pick(word, heard, sorted(candidate for price, candidate in close if price <= least + 0.01))

    def _price(self, word: str, heard: str, candidate: str) -> float:
        """How unlikely it is that a word was written for another, by its letters or by its sound."""
        written = slip(word, candidate)
        spoken = SOUNDED + slip(heard, self._keys[candidate]) + BESIDES * written
        return min(written, spoken) * (
            LIKELIER if candidate in self._times else 1.0 if not self._times else LESS_LIKELY
        )

    def _brief(self, word: str) -> str:
        """What a word of three letters stands for: one with two that changed places, or of a time without a vowel."""
        meant = {word[1] + word[0] + word[2], word[0] + word[2] + word[1]} & self._short
        meant |= {
            candidate
            for candidate in self._by_length.get(SHORTEST + 1, ())
            if candidate in self._times and candidate[0] == word[0] and slip(word, candidate) <= LEFT_OUT
        }
        return next(iter(meant)) if len(meant) == 1 else word

    def _alike_at_first(self, word: str, candidate: str) -> bool:
        """Whether words begin alike: the first letter is seldom wrong, unless it changed places or sounds the same."""
        first, other = word[0], candidate[0]
        if first == other or (word[:2] == candidate[1::-1] and len(word) >= 5):
            return True
        return self._sounds.key(word)[:1] == self._keys[candidate][:1]

    def _pick(self, word: str, heard: str, best: list[str]) -> str:
        """The one candidate; of several the one with the same consonants, or of forms of one word the likeliest."""
        if len(best) > 1:
            own = skeleton(heard)
            distances = {candidate: OSA.distance(own, skeleton(self._keys[candidate])) for candidate in best}
            best = [candidate for candidate in best if distances[candidate] == min(distances.values())]
        if len(best) < 2:
            return best[0] if best else word
        if len({candidate[:3] for candidate in best}) > 1:
            return word
        return min(
            best, key=lambda candidate: (not candidate.startswith(word), abs(len(candidate) - len(word)), candidate)
        )


def _most(length: int) -> float:
    """How unlikely a slip may be in a word of so many letters."""
    return 0.6 if length <= 4 else 0.7 if length == 5 else 0.9 if length == 6 else 1.3 if length <= 8 else 1.5


_VOWELS = frozenset("aeiouy")
_ENDS = _VOWELS - {"e"}
TOO_MUCH = 0.8
"""What a vowel too many at the end costs: it is rather another letter."""
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = frozenset(
    pair
    for row, below in zip(_ROWS, (*_ROWS[1:], ""), strict=True)
    for at, sign in enumerate(row)
    for other in (row[at + 1 : at + 2], below[at : at + 1], below[at - 1 : at] if at else "")
    if other
    for pair in (sign + other, other + sign)
)
_SOUND_ALIKE = frozenset(
    ("ck", "kc", "cs", "sc", "sz", "zs", "vf", "fv", "dt", "td", "gh", "hg", "bp", "pb", "iy", "yi", "vw", "wv")
)
SWAPPED, LIKELY, UNLIKELY = 0.5, 0.6, 0.9
ONCE_MORE = 0.1
"""What each slip after the first costs besides, where several words may be meant."""
LESS_LIKELY, LIKELIER = 1.15, 0.85
"""How much less likely another word is meant, and how much likelier one of days and hours."""


def slip(word: str, meant: str) -> float:
    """How unlikely it is that somebody writes `word` for `meant`: 0 not at all, 1 for each letter with no reason.

    Letters that change places, sound alike, lie side by side on the keyboard or are doubled in place of their
    neighbour, vowels, doubled letters and a last letter that is left out ("wasse") are likely slips.
    """
    rows: list[list[float]] = [[0.0] * (len(meant) + 1) for _ in range(len(word) + 1)]
    for at in range(1, len(word) + 1):
        rows[at][0] = rows[at - 1][0] + _extra(word, at - 1)
    for at in range(1, len(meant) + 1):
        rows[0][at] = rows[0][at - 1] + _extra(meant, at - 1)
    for at in range(1, len(word) + 1):
        for to in range(1, len(meant) + 1):
            one, other = word[at - 1], meant[to - 1]
            best = min(
                rows[at - 1][to] + (TOO_MUCH if at == len(word) and one in _ENDS else _extra(word, at - 1)),
                rows[at][to - 1] + _extra(meant, to - 1),
                rows[at - 1][to - 1] + (0.0 if one == other else _other(one, other)),
            )
            if at > 1 and to > 1 and one == meant[to - 2] and word[at - 2] == other:
                best = min(best, rows[at - 2][to - 2] + SWAPPED)
            if _other_doubled(word[at - 3 : at], meant[to - 3 : to]):
                best = min(best, rows[at - 3][to - 3] + SWAPPED)
            rows[at][to] = best
    return rows[-1][-1]


def _other_doubled(written: str, meant: str) -> bool:
    """Whether of two letters the wrong one was doubled ("wekk" for "week")."""
    pairs = len(written) == len(meant) == 3 and (written[0], written[2]) == (meant[0], meant[2])
    return pairs and written != meant and {written[1], meant[1]} == {written[0], written[2]}


def _extra(word: str, at: int) -> float:
    """The price of a letter too many or too few."""
    sign = word[at]
    if (at and word[at - 1] == sign) or (at + 1 < len(word) and word[at + 1] == sign):
        return 0.4
    if at == len(word) - 1 and sign == "n":
        return 0.4
    return LEFT_OUT if sign in _VOWELS or sign == "h" else UNLIKELY


def _other(one: str, other: str) -> float:
    """The price of another letter."""
    if (one in _VOWELS and other in _VOWELS) or one + other in _SOUND_ALIKE:
        return LIKELY
    return 0.7 if one + other in _BESIDE else 1.1
