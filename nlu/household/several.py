"""How many of the visits to come are meant: "the next two times"."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from nlu.acts.files import read_yaml

MOST = 30
_FILE = Path(__file__).parent / "several.yml"


def several(text: str, language: str) -> int | None:
    """The number in "the next ... times" in `language` (`nl` or `en`), from 2 to MOST; None when there is none."""
    pattern, numbers = _pattern(language)
    found = pattern.search(text.casefold())
    if found is None:
        return None
    number = int(found[1]) if found[1].isdigit() else int(numbers[found[1]])
    return number if 2 <= number <= MOST else None


@lru_cache(maxsize=2)
def _pattern(language: str) -> tuple[re.Pattern[str], dict[str, int]]:
    words = read_yaml(_FILE)[language]
    leads, units = ("|".join(words[name]) for name in ("leads", "units"))
    numbers = "|".join(words["numbers"])
    return re.compile(rf"\b(?:{leads})\s+(\d{{1,2}}|{numbers})\s+(?:of\s+)?(?:\w+\s+)?(?:{units})\b"), words["numbers"]
