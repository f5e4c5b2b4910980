"""For whom the help is, where a message says so: for oneself, or for a relative or a neighbour (and not only that there
is one).
"""

from __future__ import annotations

from pathlib import Path

from nlu.acts.sayings import Sayings

ACTS = ("self", "other", "both")


class Recipients(Sayings):
    """Reads for whom help is asked."""

    def read(self, text: str) -> str | None:
        """`self` or `other` where only one of them is meant, `both` where each is said apart; else None."""
        whom = set(self.all(text))
        if "self" in whom:
            return "both" if "other" in whom else "self"
        return "other" if whom == {"other"} else None


def reader(language: str) -> Recipients:
    """Reads what people say in `language` (`nl` or `en`)."""
    return Recipients(Path(__file__).parent, language, ACTS)
