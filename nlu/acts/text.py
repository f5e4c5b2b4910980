"""One plain form of a message for everything that looks at its words."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARS = 4000
"""Longer messages are read up to here: nobody's request needs more, and the time stays bounded."""

_APOSTROPHES = re.compile("['’‘`´ʼ]")
_WORD = re.compile(r"[^\W_]+|[\u2600-\u27bf\U0001f300-\U0001faff]")
_CLAUSE_MARKS = re.compile(r"[.!?;:,\n()…]+|\s[-–—]+\s")
_CUTS = re.compile(
    r"[.!?;:,\n()…]+|\s[-–—]+\s"
    r"|\s(?=(?:en|maar|want|and|but|because|trouwens|anyway)\s)",
    re.IGNORECASE,
)
_BREAK = "|"


def plain(text: str) -> str:
    """The text in lower case with accents folded and apostrophes dropped, so that `'s avonds` and `s avonds` agree."""
    folded = unicodedata.normalize("NFKD", text[:MAX_CHARS].casefold())
    kept = "".join(char for char in folded if not unicodedata.combining(char))
    return _APOSTROPHES.sub("", kept)


def words(text: str) -> list[str]:
    """The words and numbers of the text, in their plain form."""
    return _WORD.findall(plain(text))


def cuts(text: str) -> list[str]:
    """The text cut at its punctuation and at words that begin a new thought, as it was written."""
    return [part.strip() for part in _CUTS.split(text[:MAX_CHARS]) if part.strip()]


def clauses(text: str) -> list[list[str]]:
    """The words of the text, cut where punctuation cuts it; clauses without words are left out."""
    marked = _CLAUSE_MARKS.sub(f" {_BREAK} ", plain(text))
    found = (_WORD.findall(part) for part in marked.split(_BREAK))
    return [clause for clause in found if clause]
