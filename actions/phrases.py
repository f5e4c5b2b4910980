"""The words that people read and hear, from `bot/domain/`, by key and language.

A text may have several variants: they are used in turn, so that nobody gets the same prompt twice running.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

DOMAIN = Path(__file__).resolve().parent.parent / "bot" / "domain"
LANGUAGES = ("nl", "en")
# The C loader of the same safe kind is ten times as fast, where libyaml is there.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Phrases:
    """All texts of the domain."""

    def __init__(self, texts: Mapping[tuple[str, str], tuple[str, ...]]) -> None:
        """Take the variants of each (key, language)."""
        self._texts = texts

    @classmethod
    def load(cls, folder: Path = DOMAIN) -> Phrases:
        """Read every file of the folder; raises ValueError where a text lacks one of the two languages."""
        return _load(folder)

    def text(self, key: str, language: str, turn: int = 0, /, **values: Any) -> str:
        """The text of a key, with the values filled in; `turn` chooses among the variants."""
        variants = self._texts[key, language]
        return variants[turn % len(variants)].format(**values)

    def has(self, key: str, language: str) -> bool:
        """Whether there is such a text."""
        return (key, language) in self._texts

    def variants(self, key: str, language: str) -> tuple[str, ...]:
        """Every variant of a text, as written."""
        return self._texts[key, language]

    def places(self, key: str, language: str) -> tuple[str, ...]:
        """The names of the values that a text has places for, in the order of their first place."""
        found = [name for _, name, _, _ in Formatter().parse(self._texts[key, language][0]) if name]
        return tuple(dict.fromkeys(found))

    def names(self) -> set[str]:
        """The keys of all texts."""
        return {key for key, _ in self._texts}


@lru_cache(maxsize=4)
def _load(folder: Path) -> Phrases:
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.yml")):
        responses = (yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER) or {}).get("responses") or {}  # noqa: S506 - a safe loader, see there
        for key, variants in responses.items():
            for language in LANGUAGES:
                said = tuple(
                    variant["text"].strip() for variant in variants if variant["metadata"]["language"] == language
                )
                if not said:
                    raise ValueError(f"{path.name}: {key} has no text in {language}; write one beside the other.")
                texts[key, language] = said
    return Phrases(texts)
