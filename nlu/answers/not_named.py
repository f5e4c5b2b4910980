"""Who should not come: "maar niet meneer De Vries", "anyone but Wilma". The words stand in `not_named.yml`."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlu.acts.files import read_yaml
from nlu.packs import load as load_pack

FILE = Path(__file__).with_name("not_named.yml")
_WORD = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?")


def not_named(text: str, language: str) -> list[str]:
    """The names, as said and without title, of those of whom the text says that they should not come.

    A name is known by a title before it, a capital, or as a common first name: "niet op maandag" names nobody.
    """
    words = list(_WORD.finditer(text))
    small = [word.group().casefold() for word in words]
    found = []
    for lead in _leads(language):
        length = len(lead)
        for place in range(len(words) - length):
            if tuple(small[place : place + length]) == lead:
                name = name_at([word.group() for word in words[place + length : place + length + 5]], language)
                if name:
                    found.append(name)
    return sorted(set(found))


def name_at(words: list[str], language: str) -> str:
    """The name at the beginning of these words, or nothing."""
    known, first_names = _words(), load_pack(language).first_names
    titled = bool(words) and words[0].casefold() in known["titles"]
    name: list[str] = []
    for word in words[1:] if titled else words:
        small = word.casefold()
        particle = small in known["particles"] and (name or titled)
        # After a title a name may be in small letters; its first word that is no particle then counts.
        awaited = titled and all(one.casefold() in known["particles"] for one in name)
        written = word.istitle() and small not in known["no_names"]
        if not (particle or awaited or written or (not name and small in first_names)):
            break
        name.append(word)
    while name and name[-1].casefold() in known["particles"]:
        name.pop()
    return " ".join(name)


@lru_cache(maxsize=2)
def _leads(language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(lead.split()) for lead in _words()[language])


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    known = read_yaml(FILE)
    return {**known, "no_names": frozenset(known["no_names"].split())}
