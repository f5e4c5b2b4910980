"""Whether words said where a name was asked for can be one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

SMALL_IN_NAMES = frozenset("de den der van het 't ten ter te in op la le du von".split())
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def written_as_one(text: str) -> bool:
    """Whether a text is written as names are: several words, each with a capital or small within a name."""
    said = _WORD.findall(text.replace("’", "'"))
    inner = [word for word in said[1:-1] if word not in SMALL_IN_NAMES]
    return len(said) > 1 and all(word[0].isupper() for word in (said[0], *inner, said[-1]))


def may_be_a_name(words: Mapping[str, Any], text: str) -> bool:
    """False for a question, and for words that stand in no name ("the cheapest one", "only Thursday").

    What stands before a name ("my name is") is no part of this; `words` are those of answers. With an address behind
    it, or written as names are ("Ann Zondag"), it is one whatever it means.
    """
    said = _WORD.findall(text.replace("’", "'"))
    if re.search(r"\d", text) or (written_as_one(text) and not text.rstrip().endswith("?")):
        return True
    around = " ".join(said).lower()
    for lead in sorted(words["name_leads"], key=len, reverse=True):
        around = re.sub(rf"(?<!\w){re.escape(lead)}(?!\w)", " ", around)
    no_names = {*words["no_names"].split(), *words["weekdays"].split()}
    return not text.rstrip().endswith("?") and not no_names & set(around.split())
