"""What coordinators say at their desk: which requests are open, and yes or no for one of their people."""

from __future__ import annotations

from pathlib import Path

from nlu.acts.sayings import Sayings

ACTS = ("requests", "decline", "accept")
"""To see the open requests; to say no or yes for somebody who was asked. In order of precedence."""


def reader(language: str) -> Sayings:
    """Reads what coordinators say in `language` (`nl` or `en`)."""
    return Sayings(Path(__file__).parent, language, ACTS)
