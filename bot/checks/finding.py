"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass

WORKS, CLOSED, NOTE, BROKEN = "works", "closed", "note", "broken"


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is (one of the words above), and in plain words what that means or what to do.

    Secrets and people's data are never in it.
    """

    what: str
    state: str
    words: str
