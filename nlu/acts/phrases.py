"""Phrases written as data: a small pattern language that someone who knows the language and not the code can write.

A phrase is a row of elements: a word; `a|b` either word; `pre*` a word that starts so; `?word` a word that may be
absent; `~3` up to three words of any kind in between; `^` and `$` the begin and end of a clause. Words are written
plainly (lower case, no accents or apostrophes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_GAP = re.compile(r"~(\d)$")
_EDGES = {"^": r"\A", "$": r"\Z"}
_WORD = re.compile(r"\??[a-z0-9]+\*?(?:\|[a-z0-9]+\*?)*$")


@dataclass(frozen=True)
class Phrase:
    """One compiled phrase: `label` names what it means, `keys` are words of which a text must have at least one."""

    label: str
    source: str
    regex: re.Pattern[str]
    keys: frozenset[str]
    literals: frozenset[str]


def compile_phrase(label: str, source: str) -> Phrase:
    """Compile one phrase; raises ValueError when it is not in the pattern language."""
    regex, keys, literals = "", None, set()
    for element in source.split():
        if gap := _GAP.match(element):
            regex += rf"(?:\S+ ){{0,{gap[1]}}}"
            continue
        if element in _EDGES:
            regex += _EDGES[element]
            continue
        if not _WORD.match(element):
            raise ValueError(f"not an element of a phrase: {element!r} in {source!r}")
        optional = element.startswith("?")
        choices = element.removeprefix("?").split("|")
        one = "|".join(choice[:-1] + r"\S*" if choice.endswith("*") else choice for choice in choices)
        regex += rf"(?:(?:{one}) ){'?' if optional else ''}"
        exact = {choice for choice in choices if not choice.endswith("*")}
        literals |= exact
        # The longest key word is the rarest in practice: it decides whether the expression is run at all.
        if not optional and len(exact) == len(choices) and (keys is None or _rarity(exact) > _rarity(keys)):
            keys = exact
    return Phrase(label, source, re.compile(rf"(?<!\S){regex}"), frozenset(keys or ()), frozenset(literals))


def _rarity(choices: Iterable[str]) -> float:
    sizes = [len(choice) for choice in choices]
    return min(sizes) - 0.1 * len(sizes)


class PhraseBook:
    """Many phrases, found together; a phrase is only tried on texts that hold one of its key words."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        """Index the phrases by their key words."""
        self._by_key: dict[str, list[Phrase]] = {}
        self._always: list[Phrase] = []
        self.literals: set[str] = set()
        for phrase in phrases:
            self.literals |= phrase.literals
            for key in phrase.keys:
                self._by_key.setdefault(key, []).append(phrase)
            if not phrase.keys:
                self._always.append(phrase)

    def find(self, words: Sequence[str]) -> Iterator[tuple[Phrase, int, int]]:
        """Every phrase in the words, each at its first place, with the first word and the word after the last."""
        text = " ".join(words) + " "
        tried: set[int] = set()
        for group in (self._always, *(self._by_key.get(word, ()) for word in dict.fromkeys(words))):
            for phrase in group:
                if id(phrase) in tried:
                    continue
                tried.add(id(phrase))
                if (match := phrase.regex.search(text)) and match.end() > match.start():
                    start = text.count(" ", 0, match.start())
                    yield phrase, start, start + match[0].count(" ")
