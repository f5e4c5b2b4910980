"""Cutting a message into words, numbers and punctuation, with their place in the original.

A tokeniser of our own: importing spaCy takes seconds (it pulls in whatever deep-learning library is installed) and the
command line must start in a blink; a schedule needs no more than words, numbers and punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARACTERS = 4000
"""What comes after this many characters of a message is not read."""

_APOSTROPHES = {ord(sign): "'" for sign in "’‘`´ʼ′"} | {ord(sign): "-" for sign in "–—−‑"}
_TOKEN = re.compile(
    r"(?P<isodate>\d{4}-\d\d-\d\d)(?!\d)"
    r"|(?P<dotdate>(?<!at )(?<!\bom )\b(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.(?=[ ]?[,;)]|[ ](?-i:[a-z])))"
    r"|(?P<clock>\d{1,2}(?::|\.|u|h)[0-5]\d)(?![\d/])(?!\.\d)"
    r"|(?P<numdate>\d{1,2}(?P<sep>[/.-])\d{1,2}(?P=sep)\d{2,4}|\d{1,2}/\d{1,2})(?!\d)"
    r"|(?P<decimal>(?<!\d,)\d+(?:\.|,(?!\d(?:,| ?&| (?:and|en)) ?\d))\d)(?!\d)"
    r"|(?P<number>\d+)"
    r"|(?P<word>[ap]\.m\.(?=[ \t]*(?:[,;:)&]|(?-i:[a-z])|\d))|t/m|(?<!\w)@|'[a-z](?![^\W\d_])"
    r"|[^\W\d_]+(?:['.][^\W\d_]+)*)"
    r"|(?P<sign>[,.;:!?&+/\n()½¼¾-])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Token:
    """A word, number or sign: `text` lower-case and without accents, `start` and `end` in the original message."""

    text: str
    kind: str
    start: int
    end: int
    capital: bool = False
    original: str = ""


def plain(text: str) -> str:
    """The text in lower case, without accents (é is e), for comparing."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return "".join(sign for sign in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(sign))


def tokenise(text: str) -> list[Token]:
    """The tokens of a message, at most MAX_CHARACTERS of it; offsets are those of the message as given."""
    # translate() maps sign for sign, so that offsets stay those of the original.
    body = text[:MAX_CHARACTERS].translate(_APOSTROPHES)
    tokens = []
    for found in _TOKEN.finditer(body):
        kind = found.lastgroup or "sign"
        raw = found.group()
        if kind == "word" and "." in raw and not _abbreviation(raw):
            tokens.extend(_split_at_stops(raw, found.start()))
            continue
        tokens.append(Token(plain(raw), kind, found.start(), found.end(), raw[:1].isupper(), raw))
    return tokens


def _abbreviation(raw: str) -> bool:
    """Whether a word with stops in it is an abbreviation such as a.m. (single letters between the stops)."""
    return all(len(part) <= 1 for part in raw.split("."))


def _split_at_stops(raw: str, start: int) -> list[Token]:
    """The words of "maandag.graag", where the space behind the stop was forgotten."""
    tokens = []
    for part in re.finditer(r"[^.]+|\.", raw):
        kind = "sign" if part.group() == "." else "word"
        where = start + part.start()
        tokens.append(
            Token(plain(part.group()), kind, where, where + len(part.group()), part.group()[0].isupper(), part.group())
        )
    return tokens
