"""Which language a message is in, from small word lists and letter groups kept as data (`languages/*.yml`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlu.acts.files import read_yaml
from nlu.acts.text import words

_FOLDER = Path(__file__).parent / "languages"
_WORD_POINTS = 2.0
_SHORT = 2
"""A message of so few words is taken to be in the default language unless every word belongs to another one only."""


@dataclass(frozen=True)
class _Profile:
    language: str
    words: frozenset[str]
    letters: tuple[tuple[str, float], ...]


@cache
def _profiles() -> tuple[_Profile, ...]:
    found = []
    for path in sorted(_FOLDER.glob("*.yml")):
        fields = read_yaml(path)
        letters = tuple((str(group), float(points)) for group, points in fields["letters"].items())
        found.append(_Profile(path.stem, frozenset(str(word) for word in fields["words"].split()), letters))
    return tuple(found)


def languages() -> tuple[str, ...]:
    """The languages there is a profile for, in alphabetical order."""
    return tuple(profile.language for profile in _profiles())


@cache
def _shape(word: str) -> dict[str, float]:
    """How much the letters of one word look like each language; a long word counts no more than a listed one."""
    padded = f"^{word}$"
    scores = {}
    for profile in _profiles():
        points = sum(points for group, points in profile.letters if group in padded)
        scores[profile.language] = max(-_WORD_POINTS, min(_WORD_POINTS, points))
    return scores


def _points(word: str) -> dict[str, float]:
    holders = [profile.language for profile in _profiles() if word in profile.words]
    if len(holders) == 1:
        return {holders[0]: _WORD_POINTS}
    # A word of both languages says nothing; neither does a number.
    return {} if holders or word.isdigit() or len(word) > 40 else _shape(word)


def _only_in_another(found: Sequence[str], default: str) -> str | None:
    owners = set()
    for word in found:
        holders = [profile.language for profile in _profiles() if word in profile.words]
        if len(holders) != 1 or holders[0] == default:
            return None
        owners.add(holders[0])
    return owners.pop() if len(owners) == 1 and len(found) > 1 else None


def words_only_of(text: str, language: str) -> int:
    """How many words of the text are everyday words of this language and of no other."""
    return sum(
        [profile.language for profile in _profiles() if word in profile.words] == [language] for word in words(text)
    )


def detect(text: str, default: str = "nl") -> str:
    """The main language of the text: the one with most of the words; `default` when nothing tells them apart."""
    found = words(text)
    if len(found) <= _SHORT:
        return _only_in_another(found, default) or default
    totals = dict.fromkeys(languages(), 0.0)
    for word in found:
        for language, points in _points(word).items():
            totals[language] += points
    best = max(totals.values())
    leaders = [language for language, points in totals.items() if points == best]
    return default if default in leaders else leaders[0]
