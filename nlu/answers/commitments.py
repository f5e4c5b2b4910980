"""Whether somebody who was asked to come says that they will: yes, no, or something that is neither.

The words are in `nl.yml` and `en.yml` beside this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from care.schedule import Json

TOPICS = frozenset({"helper_offer", "substitute"})
"""Questions to a helper, whether they will come."""


def commitment(words: Mapping[str, Any], said: str) -> Json | None:
    """The answer in `said` (plain, small letters): `yes` true or false, `unclear` when it comes with a condition, or
    None when nothing of the kind is in it.
    """
    said, agreed = _without(said, words["agrees"])
    if _has(said, words["reserves"]):
        return {"unclear": True}
    if _has(said, words["refuses"]):
        # "No, no problem": either may be meant.
        return {"unclear": True} if agreed else {"yes": False}
    if agreed or _has(said, words["commits"]):
        return {"yes": True}
    return None


def _has(said: str, phrases: Iterable[str]) -> bool:
    padded = f" {said.replace(',', ' ').replace('.', ' ')} "
    padded = " ".join(padded.split()).join("  ")
    return any(f" {phrase} " in padded for phrase in phrases)


def _without(said: str, phrases: Iterable[str]) -> tuple[str, bool]:
    """What is left without these phrases (which sound like a no and are a yes), and whether one was there."""
    left = said
    for phrase in phrases:
        left = f" {left} ".replace(f" {phrase} ", " ").strip()
    return left, left != said
