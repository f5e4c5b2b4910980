"""Things people say beside the acts of the contract, told by phrases in files of data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from nlu.acts.files import read_yaml
from nlu.acts.phrases import PhraseBook, compile_phrase
from nlu.acts.text import clauses


class Sayings:
    """Finds which of some sayings is in a text of one language.

    `folder` holds a file for each language, with phrases (nlu/acts/phrases.py) by saying. Those under `never` rule out
    all of them.
    """

    def __init__(self, folder: Path, language: str, order: Sequence[str]) -> None:
        """Compile the phrases; `order` is that of precedence. Raises ValueError when one is no phrase."""
        self._order = tuple(order)
        self._book = _book(folder / f"{language}.yml")

    def read(self, text: str) -> str | None:
        """Which saying is meant, or None."""
        return next(iter(self.all(text)), None)

    def all(self, text: str) -> list[str]:
        """Every saying that can be meant, in order of precedence."""
        found = {phrase.label for clause in clauses(text) for phrase, _, _ in self._book.find(clause)}
        if "never" in found:
            return []
        return [label for label in self._order if label in found]


@lru_cache(maxsize=8)
def _book(path: Path) -> PhraseBook:
    phrases = read_yaml(path)
    return PhraseBook(compile_phrase(label, source) for label, sources in phrases.items() for source in sources)
