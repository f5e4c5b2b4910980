"""Is someone in danger now? Phrases kept as data (`emergency/*.yml`), with guards for what only sounds like it.

The kinds follow whom to call in the Netherlands: `medical`, `poison`, `fire_gas` and `violence` 112, `suicide` 113
(112 when it is happening).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from nlu.acts.files import read_yaml
from nlu.acts.phrases import PhraseBook, compile_phrase
from nlu.acts.text import clauses

KINDS = ("fire_gas", "medical", "poison", "violence", "suicide")
"""The kinds, the one to act on first in front."""

_FOLDER = Path(__file__).parent / "emergency"
_BLANK = "_"
_REPAIR_FROM = 5
_TWO_SLIPS_FROM = 8


@dataclass(frozen=True)
class Finding:
    """What the phrases say: the `kind` found (None when none), and whether a guard spoke against one.

    `firm` is true when the phrase is one that no guard and no doubt of the model can take back.
    """

    kind: str | None
    guarded: bool
    firm: bool = False


class EmergencyPhrases:
    """The phrases of one language."""

    def __init__(self, fields: dict[str, Any]) -> None:
        """Compile the fields of a language's file; raises ValueError on a phrase that is none."""
        dangers = [compile_phrase(kind, source) for kind in KINDS for source in fields["kinds"].get(kind, ())]
        self._harmless = PhraseBook(compile_phrase("harmless", source) for source in fields["harmless"])
        self._firm = PhraseBook(
            compile_phrase(kind, source) for kind in KINDS for source in fields.get("firm", {}).get(kind, ())
        )
        self._dangers = PhraseBook(dangers)
        self._past = PhraseBook(compile_phrase("past", source) for source in fields["past"])
        self._urgent = PhraseBook(compile_phrase("urgent", source) for source in fields["urgent"])
        literals = self._dangers.literals | self._firm.literals
        self._vocabulary = tuple(sorted(set(str(fields["mend"]).split())))
        guards = self._harmless.literals | self._past.literals | self._urgent.literals
        self._known = literals | guards | set(str(fields["known"]).split())
        self._mend = lru_cache(maxsize=8192)(self._closest)

    def _closest(self, word: str) -> str:
        """The word of danger that was meant, or the word itself: one slip at most, two in long words."""
        if len(word) < _REPAIR_FROM or word in self._known or not word.isalpha():
            return word
        best, least = word, 3
        for candidate in self._vocabulary:
            slips = 1 if len(candidate) < _TWO_SLIPS_FROM else 2
            if word[0] != candidate[0] or abs(len(word) - len(candidate)) > slips:
                continue
            distance = OSA.distance(word, candidate, score_cutoff=slips)
            if distance <= slips and distance < least:
                best, least = candidate, distance
        return best

    def find(self, text: str, *, mend: bool = True) -> Finding:
        """Look for danger in the text, clause by clause and over the whole; `mend` misspelt words of danger first."""
        parts = [[self._mend(word) if mend else word for word in clause] for clause in clauses(text)]
        whole = [word for part in parts for word in part]
        kinds: set[str] = set()
        firm: set[str] = set()
        guarded = False
        for words in (*parts, whole) if len(parts) > 1 else parts:
            firm |= {phrase.label for phrase, _, _ in self._firm.find(words)}
            rest = self._without_harmless(words)
            guarded |= rest != words
            found = {phrase.label for phrase, _, _ in self._dangers.find(rest)}
            if not found:
                continue
            if self._is_past(rest):
                guarded = True
            elif words is not whole or not self._is_past(whole):
                kinds |= found
        kinds |= firm
        return Finding(next((kind for kind in KINDS if kind in kinds), None), guarded, bool(firm))

    def _is_past(self, words: Sequence[str]) -> bool:
        past = next(iter(self._past.find(words)), None)
        return past is not None and next(iter(self._urgent.find(words)), None) is None

    def _without_harmless(self, words: list[str]) -> list[str]:
        rest = list(words)
        for _, start, end in list(self._harmless.find(words)):
            rest[start:end] = [_BLANK] * (end - start)
        return rest


@cache
def _languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yml")))


@cache
def _phrases(language: str) -> EmergencyPhrases:
    path = _FOLDER / f"{language}.yml"
    return EmergencyPhrases(read_yaml(path))


def find_emergency(text: str, language: str) -> Finding:
    """What the phrases of all languages say of the text, that of `language` first: people in need mix languages."""
    finding = _phrases(language).find(text)
    if finding.kind or finding.guarded:
        return finding
    others = (name for name in _languages() if name != language)
    kinds = (_phrases(name).find(text, mend=False).kind for name in others)
    return Finding(next((kind for kind in kinds if kind), None), guarded=False)


def emergency_kind(text: str, language: str) -> str | None:
    """The kind of emergency in the text (one of KINDS), or None when no phrase tells."""
    return find_emergency(text, language).kind
