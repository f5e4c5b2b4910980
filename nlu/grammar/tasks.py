"""What is asked for beside each other: a task that no word names, a service that follows with days of its own."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.attach import FULL_STOP, Piece
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import is_day, is_time
from nlu.grammar.meaning import Clause, clauses, sentence_bounds
from nlu.packs.pack import Pack

FEWEST_LETTERS = 4
"""A shorter word names no task."""
BESIDE = 2
"""Among so many words behind "somebody" one says that a task follows ("nodig om")."""
SOON = 3
"""So many words, such as a comma and "that", may stand between a service and its hour."""
_AGAIN = frozenset({"freq", "partly", "per", "days"})
_BEFORE_SERVICE = ("when", "someone", "moveto", "purpose", "request")


def own_task(found: Found, item: Item, pack: Pack) -> bool:
    """Whether "somebody" is to do what no phrase names, where "and somebody" follows for something that is named.

    "Somebody to tune the piano, and somebody for the shopping on Friday".
    """
    row = clauses(found)
    place = next((at for at, clause in enumerate(row) if item in clause.items), len(row))
    beside = any(_asks_besides(clause) for clause in row[place + 1 :])
    if not beside or row[place].has("service", "particle", "not", "history"):
        return False
    behind = range(item.last, row[place].end)
    words = [word.text for word in found.words[item.last : item.last + BESIDE]]
    covered = {at for one in row[place].items if one.class_ != "purpose" for at in range(one.first, one.last)}
    said = [found.words[at].text for at in behind if at not in covered]
    idle = pack.light | pack.no_purpose | pack.idle
    return bool(pack.task_words & set(words)) and any(
        len(word) >= FEWEST_LETTERS and word.isalpha() and word not in idle for word in said
    )


def _asks_besides(clause: Clause) -> bool:
    """Whether "and somebody" begins a clause that names a service."""
    if not clause.joined or not clause.has("service"):
        return False
    someone = next((at for at, item in enumerate(clause.items) if item.class_ == "someone"), None)
    return someone is not None and not any(item.class_ == "service" for item in clause.items[:someone])


def own_hour(service: Item, found: Found) -> bool:
    """Whether an hour, and no day, stands directly behind a service ("… except the cooking, that at five")."""
    after = next((item for item in found.items if item.first >= service.last), None)
    if after is None or after.class_ != "when" or after.first - service.last > SOON:
        return False
    return is_time(after.value) and not is_day(after.value) and found.boundary(service.last, after.first) < FULL_STOP


def names_next(found: Found, item: Item) -> bool:
    """Whether another service follows with days of its own: "Mondays the cleaning, and then Thursdays a walk"."""
    behind = [other for other in found.items if other.first >= item.last]
    at = next((place for place, other in enumerate(behind) if other.class_ == "service"), 0)
    days = any(other.class_ == "when" and "days" in other.value for other in behind[:at])
    one = all(other.class_ in _BEFORE_SERVICE for other in behind[:at])
    return days and one and not found.boundary(item.last, behind[at].first)


def goes_on(pieces: Sequence[Piece], item: Item, found: Found) -> frozenset[str]:
    """What a phrase behind "then" says when it is of the time from then on; an hour only behind an end that was said.

    "Until Christmas the windows on Mondays at ten, then at eleven"; not so in "…, then at eleven the shopping".
    """
    named = [piece.value for piece in pieces if piece.kind == "S"]
    limited = any(piece.kind == "T" and {"until", "lasting"} & piece.value.keys() for piece in pieces)
    timed = any(piece.kind == "T" and is_time(piece.value) for piece in pieces)
    end = sentence_bounds(found, item.first)[1]
    others = any(
        other.class_ == "service" and item.last <= other.first < end and other.value not in named
        for other in found.items
    )
    alone = not others and all(value == named[0] for value in named)
    if not (limited and alone):
        return _AGAIN
    # "Four weeks on Thursdays, and then four weeks every other Thursday".
    return _AGAIN | {"lasting", "times"} if timed else _AGAIN | {"lasting"}
