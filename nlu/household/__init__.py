"""What people say of the help at home as a whole: let it rest, let it begin again, as always, meet first."""

from __future__ import annotations

from pathlib import Path

from nlu.acts.sayings import Sayings

ACTS = ("pause", "resume", "usual", "meet")
"""In order of precedence."""


def reader(language: str) -> Sayings:
    """Reads what people say in `language` (`nl` or `en`)."""
    return Sayings(Path(__file__).parent, language, ACTS)
