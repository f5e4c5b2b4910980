"""What people say of the help at home as a whole: let it rest (with `pause_open` without an end, perhaps from
a day on), let it begin again, as always, meet first; where the helper is who should be there, whether there is news;
what helpers who are offered speak, which papers they have, who they are, and which is best.
"""

from __future__ import annotations

from pathlib import Path

from nlu.acts.sayings import Sayings

ACTS = (
    "pause_open",
    "pause",
    "resume",
    "usual",
    "meet",
    "not_here",
    "news",
    "remark",
    "about_language",
    "about_papers",
    "about_person",
    "about_order",
)
"""In order of precedence."""


def reader(language: str) -> Sayings:
    """Reads what people say in `language` (`nl` or `en`)."""
    return Sayings(Path(__file__).parent, language, ACTS)
