"""What a message has in it, as yes or no, to decide which act it is."""

from __future__ import annotations

from itertools import pairwise

from nlu.grammar.found import Found
from nlu.grammar.frames import CLOCK_KEYS, is_day
from nlu.grammar.meaning import Clause, Sense, clauses, sentence_bounds
from nlu.packs.pack import Pack

_AGAIN = ("freq", "nth", "monthdays", "parity", "per", "every", "partly", "workday", "lasting")
_DATES = ("date", "period", "days")


_JOTTED = frozenset({"service", "when", "join", "someone", "request", "particle", "preference", "soft"})
"""What stands in a message that only jots down what is wanted."""
FEWEST_JOTTED = 2
_LEFT_BEHIND = frozenset({"pet_care", "garden", "odd_jobs"})
"""What somebody who is away has seen to: the cat, the plants, the post."""
_LEAVES_OUT = ("not", "except", "stop", "absent", "no_visit", "whole", "kept", "noted", "shift", "move")
_NO_SWAP = ("except", "nor", "kept", "stop", "correction", "isaid", "someone")
_WHILE_AWAY = 3
"""So many words at least say as long as what ("zolang ik weg ben")."""
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


def jots_down(found: Found, pack: Pack) -> bool:
    """Whether a message names several services, or somebody for one, each beside its days, and nothing else.

    "On 5 May the hedge, on 12 May the windows": jotted down so, they are wanted. It is no signal either.
    """
    if {item.class_ for item in found.items} - _JOTTED:
        return False
    named = [clause for clause in clauses(found) if clause.items]
    several = sum(clause.has("service") for clause in named) >= FEWEST_JOTTED or found.has("someone", "request")
    if not several or not named or not all(_days_beside(one) for one in named):
        return False
    covered = {at for item in found.items for at in range(item.first, item.last)}
    rest = [word.text for at, word in enumerate(found.words) if at not in covered and word.text[0].isalnum()]
    return all(word in pack.light or word in pack.idle for word in rest)


def looks_after(found: Found, pack: Pack) -> bool:
    """Whether what lives at home is named beside being away, and nothing is left out: "we're away, feed the cat".

    It is no signal either.
    """
    named = {key for item in found.items if item.class_ == "service" for key in item.value}
    # "Voer de kanarie": who is fed is no person.
    named -= {key for one in named for key in pack.absorbs.get(one, ())}
    away = found.has("away", "gone") or any(
        item.class_ == "unknown_end" and item.last - item.first >= _WHILE_AWAY for item in found.items
    )
    return bool(named) and named <= _LEFT_BEHIND and away and not found.has(*_LEAVES_OUT)


def swaps_days(found: Found) -> bool:
    """Whether a day is named that another one is to come in the place of: "not tomorrow but Friday".

    So it is in "tomorrow I'm out, can she come on Friday then?". It is no signal either.
    """
    days = [place for place, item in enumerate(found.items) if item.class_ == "when" and is_day(item.value)]
    if len(days) != 2 or found.has(*_NO_SWAP):
        return False
    old, new = days
    between = [item.class_ for item in found.items[old + 1 : new]]
    refused = [place for place, item in enumerate(found.items) if item.class_ in ("not", "away", "gone")]
    if between == ["but"]:
        return bool(refused) and refused == [old - 1]
    asked = between[-1:] == ["then"] and found.items[new - 1].last == found.items[new].first
    return asked and bool(refused) and all(place < new for place in refused) and found.words[-1].text == "?"


def _days_beside(clause: Clause) -> bool:
    """Whether a clause names a service and the days that it is for."""
    return clause.has("service") and any(item.class_ == "when" and is_day(item.value) for item in clause.items)


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
