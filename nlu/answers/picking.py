"""Which of some options is meant by its place or by what it is like: "doe de tweede maar", "the cheaper one"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from care.needs import Need, Preferences
from care.schedule import Json, Schedule
from nlu.answers.not_named import name_at

PLACES = ("first", "second", "third")
GENDERS = {"woman": "female", "man": "male"}
LONG_ENOUGH = 8
"""Shorter words are too soon like another one to be taken for it with a slip of the pen."""
ALIKE = 86


class Picker:
    """Knows the words of one language: those of places and likenesses, and the fillers that stand around them."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        """Take the words of answers."""
        self._fillers = frozenset(words["fillers"])
        self._places = {name: self._bare_all(words[name]) for name in (*PLACES, "last")}
        self._traits = {name: self._bare_all(phrases) for name, phrases in words["traits"].items()}
        self._none = self._bare_all(words["none"])

    def pick(self, options: Sequence[Json], said: str) -> Json | None:
        """The option meant by its place, or by a likeness (`traits` of an option) that only one of them has."""
        bare = self._bare(said)
        for place, name in enumerate(PLACES):
            if place < len(options) and bare in self._places[name]:
                return {"choice": options[place]["value"]}
        # "None of them" and the like, which may stand behind the helpers, is no last one.
        people = [option for option in options if "traits" in option] or options
        if len(options) > 1 and bare in self._places["last"]:
            return {"choice": people[-1]["value"]}
        for trait, phrases in self._traits.items():
            alike = [option for option in options if trait in option.get("traits", ())]
            if len(alike) == 1 and any(_same(bare, phrase) for phrase in phrases):
                return {"choice": alike[0]["value"]}
            if not alike and trait in GENDERS and bare in phrases:
                return {"need": Need(None, Schedule(), Preferences(helper_gender=GENDERS[trait])).to_json()}
        return None

    def helper_named(self, text: str, language: str) -> Json | None:
        """A wish for the helper of whom nothing but the name was said."""
        words = [word for word in re.findall(r"[^\W\d_](?:[\w’'-]*\w)?", text) if word.lower() not in self._fillers]
        name = name_at(words, language)
        if not name or len(name.split()) < len(words):
            return None
        return {"need": Need(None, Schedule(), Preferences(helper_name=name)).to_json()}

    def none(self, said: str) -> bool:
        """Whether none of the options is wanted, with whatever fillers around it."""
        return self._bare(said) in self._none

    def _bare_all(self, phrases: Sequence[str]) -> frozenset[str]:
        return frozenset(bare for phrase in phrases if (bare := self._bare(phrase)))

    def _bare(self, said: str) -> str:
        """What was said without the words that only stand around it."""
        return " ".join(word for word in said.split() if word not in self._fillers)


def _same(said: str, phrase: str) -> bool:
    return said == phrase or (len(phrase) >= LONG_ENOUGH and fuzz.ratio(said, phrase) >= ALIKE)
