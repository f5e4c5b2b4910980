"""What a message has in it, as yes or no, to decide which act it is."""

from __future__ import annotations

from itertools import pairwise

from nlu.grammar.found import Found
from nlu.grammar.frames import CLOCK_KEYS
from nlu.grammar.meaning import Sense, sentence_bounds

_AGAIN = ("freq", "nth", "monthdays", "parity", "per", "every", "partly", "workday", "lasting")
_DATES = ("date", "period", "days")


_NEAR = 6
"""So many words may stand between "move" and the visit, and between the visit and "to"."""


def moves_visit(found: Found) -> bool:
    """Whether a sentence says to change a visit to another time ("… that you change her shower visits … to Mondays").

    It is no signal, since the model has not learnt it.
    """
    items = found.items
    for at, verb in enumerate(items):
        if verb.class_ != "move":
            continue
        end = sentence_bounds(found, verb.first)[1]
        behind = [item for item in items[at + 1 :] if item.first < end]
        visit = next((place for place, item in enumerate(behind) if item.class_ in ("service", "visitword")), None)
        if visit is None or behind[visit].first - verb.last > _NEAR:
            continue
        for one, other in pairwise(behind[visit:]):
            said = other.value if other.class_ == "when" else {}
            if said.get("range") or (said and one.class_ == "moveto" and one.last == other.first):
                return True
    return False


def signals(found: Found, sense: Sense) -> dict[str, bool]:
    """The signals of a message."""
    plain = [item.value for item, role in sense.whens if role == "plain"]
    every = [item.value for item, _ in sense.whens]
    return {
        "service": bool(sense.services),
        "recurrence": any(when.get(key) for when in plain for key in _AGAIN),
        "date": any(key in when for when in every for key in _DATES),
        "time": any(CLOCK_KEYS & when.keys() for when in every),
        "daypart": any("part" in when for when in every),
        "duration": any("dur" in when for when in every),
        "limit": any({"from", "until", "from_period", "count"} & when.keys() for when in every),
        "negated_time": any(role == "not" for _, role in sense.whens),
        "negation": found.has("not"),
        "exception": found.has("except"),
        "move": found.has("move", "moveto", "instead", "better"),
        "shift": found.has("shift"),
        "stop": found.has("stop"),
        "same": found.has("same", "same_time", "same_day"),
        "correction": found.has("correction"),
        "other_agent": sense.other_agent,
        "from_now_on": found.has("from_now_on", "thence", "whole"),
        "this_time_only": found.has("this_time_only"),
        "preference": bool(sense.preferences),
        "request": found.has("request"),
        "someone": found.has("someone"),
        "question": found.has("question"),
        "history": found.has("history"),
        "either": sense.either,
        "unread_temporal": bool(found.loose),
    }
