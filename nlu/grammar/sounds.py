"""How a word sounds: a key that words have in common when they are heard alike, by rules that a pack keeps as data."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SILENT = "-"
_VOWEL = re.compile("[aeiouy]+")


class Sounds:
    """The rules of one language: groups of letters with the sound that they stand for."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        """`rules` are regular expressions for letters, tried in order at each place; "-" stands for no sound at all."""
        self._heard = {
            f"rule{place}": "" if heard == _SILENT else str(heard) for place, heard in enumerate(rules.values())
        }
        self._letters = re.compile(
            "|".join(f"(?P<rule{place}>{letters})" for place, letters in enumerate(rules)) or "(?!)"
        )

    def key(self, word: str) -> str:
        """The sounds of a word, each once where it is doubled."""
        heard = self._letters.sub(self._sound, word)
        return "".join(sign for place, sign in enumerate(heard) if place == 0 or sign != heard[place - 1])

    def _sound(self, found: re.Match[str]) -> str:
        return self._heard[found.lastgroup or "rule0"]


def bones(key: str) -> str:
    """The consonants of a key, with one sign for whatever vowels stand between: those are most often heard wrong."""
    return _VOWEL.sub("a", key)


def skeleton(key: str) -> str:
    """The consonants of a key alone."""
    return _VOWEL.sub("", key)
