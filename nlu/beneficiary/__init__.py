"""For whom the help is, where a message says so: for a relative or a neighbour, and not only that there is one."""

from __future__ import annotations

from pathlib import Path

from nlu.acts.sayings import Sayings

ACTS = ("other",)


def reader(language: str) -> Sayings:
    """Reads what people say in `language` (`nl` or `en`)."""
    return Sayings(Path(__file__).parent, language, ACTS)
