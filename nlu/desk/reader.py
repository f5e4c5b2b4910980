"""What a coordinator wants of the requests that wait for an answer.

The words are in `nl.yml` and `en.yml` beside this file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nlu.acts.files import read_yaml
from nlu.acts.phrases import PhraseBook, compile_phrase
from nlu.acts.text import clauses

FOLDER = Path(__file__).parent
ACTS = ("requests", "decline", "accept")
"""To see the open requests; to say no or yes for somebody who was asked. In order of precedence."""


class DeskReader:
    """Reads what coordinators say in one language."""

    def __init__(self, language: str) -> None:
        """Compile the phrases of `language` (`nl` or `en`); raises ValueError when one is no phrase."""
        self._book = _book(language)

    def read(self, text: str) -> str | None:
        """Which of ACTS is meant, or None."""
        found = {phrase.label for clause in clauses(text) for phrase, _, _ in self._book.find(clause)}
        return next((act for act in ACTS if act in found), None)


@lru_cache(maxsize=2)
def _book(language: str) -> PhraseBook:
    phrases = read_yaml(FOLDER / f"{language}.yml")
    return PhraseBook(compile_phrase(label, source) for label, sources in phrases.items() for source in sources)
