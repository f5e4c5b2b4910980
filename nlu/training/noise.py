"""Noise as people and machines make it: slips of the finger, lost apostrophes, capitals and points, speech to text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "ko", "m": "nj", "n": "bm", "o": "ip", "p": "ol", "r": "et", "s": "ad", "t": "ry", "u": "yi",
    "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "xa",
}  # fmt: skip
_PHONETIC = {
    "nl": (("ch", "g"), ("ei", "ij"), ("ij", "ei"), ("ou", "au"), ("dt", "t"), ("d ", "t "), ("z", "s"), ("v", "f"),
           ("oe", "oo"), ("en ", "e "), ("sch", "sg"), ("ie", "i"), ("c", "k"), ("tt", "t"), ("pp", "p"), ("nn", "n")),
    "en": (("ough", "uff"), ("gh", ""), ("ph", "f"), ("ee", "ea"), ("ea", "ee"), ("ie", "ei"), ("ou", "u"), ("ck", "k"),
           ("ing ", "in "), ("tt", "t"), ("ll", "l"), ("nn", "n"), ("ss", "s"), ("e ", " "), ("th", "f"), ("kn", "n")),
}  # fmt: skip


def _slip(text: str, rng: random.Random) -> str:
    """One slip of the finger in one of the longer words."""
    places = list(re.finditer(r"[^\W\d_]{4,}", text))
    if not places:
        return text
    place = rng.choice(places)
    at = rng.randrange(place.start() + 1, place.end())
    kind = rng.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2 and at + 1 < place.end():
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + rng.choice(_NEAR.get(text[at].lower(), text[at])) + text[at + 1 :]


def _phonetic(text: str, rng: random.Random, language: str) -> str:
    fitting = [pair for pair in _PHONETIC.get(language, ()) if pair[0] in f"{text} "]
    if not fitting:
        return text
    heard, written = rng.choice(fitting)
    return f"{text} ".replace(heard, written, 1).strip()


def _speech(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s']", " ", text.lower())).strip()


def noisy(text: str, rng: random.Random, language: str) -> str:
    """The text with one to three kinds of noise; the same seed gives the same text."""
    kinds: tuple[Callable[[str], str], ...] = (
        lambda one: _slip(one, rng),
        lambda one: _slip(one, rng),
        lambda one: _phonetic(one, rng, language),
        lambda one: one.replace("'", "").replace("\u2019", ""),
        _speech,
        str.upper if rng.random() < 0.15 else str.lower,
        str.capitalize,
        lambda one: one + rng.choice(("!", "!!", "?", "...", ".", " aub" if language == "nl" else " pls")),
    )
    for change in rng.sample(kinds, rng.randint(1, 3)):
        text = change(text) or text
    return text
