"""One plain form of a message for everything that looks at its words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

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
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")
_LONGEST_SENTENCE = 30
_RUN = 20
_STEP = 10
_BREAK = "|"


@lru_cache(maxsize=16)
def plain(text: str) -> str:
    """The text in lower case with accents folded and apostrophes dropped, so that `'s avonds` and `s avonds` agree."""
    folded = text[:MAX_CHARS].casefold()
    if not folded.isascii():
        folded = "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
    return _APOSTROPHES.sub("", folded)


def words(text: str) -> list[str]:
    """The words and numbers of the text, in their plain form."""
    return _WORD.findall(plain(text))


def cuts(text: str) -> list[str]:
    """The text cut at its punctuation and at words that begin a new thought, as it was written."""
    return [part.strip() for part in _CUTS.split(text[:MAX_CHARS]) if part.strip()]


def sentences(text: str) -> list[str]:
    """The sentences of the text, as they were written."""
    return [part.strip() for part in _SENTENCE_ENDS.split(text[:MAX_CHARS]) if part.strip()]


def runs(text: str) -> list[str]:
    """The sentences of the text; of one that goes on and on (speech has no full stops) runs that overlap."""
    found: list[str] = []
    for sentence in sentences(text):
        found.extend([sentence] if len(sentence.split()) <= _LONGEST_SENTENCE else _joined(cuts(sentence)))
    return found


def _joined(parts: list[str]) -> list[str]:
    """Neighbouring parts as far as they go together into one run, from each part on; of a long part windows of it."""
    short: list[str] = []
    for part in parts:
        found = part.split()
        if len(found) <= _RUN:
            short.append(part)
        else:
            short.extend(" ".join(found[at : at + _RUN]) for at in range(0, len(found) - _STEP, _STEP))
    lengths = [len(part.split()) for part in short]
    joined, reached = [], 0
    for first in range(len(short)):
        last, size = first + 1, lengths[first]
        while last < len(short) and size + lengths[last] <= _RUN:
            size += lengths[last]
            last += 1
        # A run that ends where the one before it ended says nothing new.
        if last > reached:
            joined.append(", ".join(short[first:last]))
            reached = last
    return joined


def clauses(text: str) -> list[list[str]]:
    """The words of the text, cut where punctuation cuts it; clauses without words are left out."""
    marked = _CLAUSE_MARKS.sub(f" {_BREAK} ", plain(text))
    found = (_WORD.findall(part) for part in marked.split(_BREAK))
    return [clause for clause in found if clause]
