"""Which days are left out: those between leaving and coming back, not those that stand beside them or only follow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When, is_day
from nlu.grammar.meaning import Clause, clauses, sentence_bounds

_REFUSED_DAY = (["when", "not"], ["when", "nothing"])
_UNTOLD = frozenset({"when", "self", "person", "newneed"})


def away_until(left: Sequence[Item], back: Sequence[Item], clause: Clause, found: Found) -> list[Item]:
    """For "We leave on Friday and come back on Tuesday, so nobody": from the one day until the other."""
    if not (clause.joined and len(left) == len(back) == 1 and left[0].last <= back[0].first):
        return []
    told = next((part for part in clauses(found) if any(left[0] is item for item in part.items)), None)
    days = [_one_day(item) for item in (left[0], back[0])]
    if told is None or told.has("not", "except", "stop", "service", "request") or not all(days):
        return []
    begin, end = days
    if "weekday" in end:
        end = {"weekday_after": end["weekday"], "n": 1, "said": begin}
    return [
        Item("when", {"from": [begin]}, left[0].first, left[0].last),
        Item("when", {"until": end, "inclusive": False}, back[0].first, back[0].last),
    ]


def _one_day(item: Item) -> When:
    """The one date, or weekday that does not come back, that a phrase names."""
    if item.value.keys() == {"days"} and len(item.value["days"]) == 1:
        return {"weekday": item.value["days"][0]}
    single = item.value.keys() == {"date"} and len(item.value["date"]) == 1
    return dict(item.value["date"][0]) if single else {}


def until_back(days: list[Item], found: Found) -> list[Item]:
    """What is said of the return: the end of the time away ("start up again in March"), or nothing besides it."""
    if found.has("then", "those") and len(days) == 1:
        return days
    for clause in clauses(found):
        back = [item for item in days if any(item is other for other in clause.items)]
        if not back or not clause.has("arrives", "again") or clause.has("not", "except", "stop", "service", "cancel"):
            continue
        others = [item for item in days if item not in back]
        if away := away_until(others, back, clause, found):
            return away
        said = back[0].value
        until = said["date"][0] if "date" in said else said.get("period")
        single = len(others) == 1 and others[0].value.keys() == {"date"} and clause.has("arrives")
        if until and len(back) == 1 and (not others or single):
            others.append(Item("when", {"until": until, "inclusive": False}, back[0].first, back[0].last))
        if others:
            days = others
    return days


def goes_on_untold(days: Sequence[Item], found: Found) -> bool:
    """For "No visits this week. Next week we'll see.": a period of its own sentence of which nothing is understood."""
    periods = [item for item in days if item.value.keys() == {"period"} and "week" in item.value["period"]]
    for item in periods[1:]:
        start, end = sentence_bounds(found, item.first)
        inside = [one for one in found.items if start <= one.first < end]
        covered = {at for one in inside for at in range(one.first, one.last)}
        words = [at for at in range(start, end) if at not in covered and found.words[at].text.isalpha()]
        if {one.class_ for one in inside} <= _UNTOLD and words and start > periods[0].last:
            return True
    return False


def without_beside(days: list[Item], found: Found) -> list[Item]:
    """For "Tuesday the hairdresser, Wednesday not": what is wanted or stands on the one day is not left out."""
    standing: set[int] = set()
    for before, clause in pairwise(clauses(found)):
        plain = [item.class_ for item in before.items] in (["when", "service"], ["service", "when"])
        own = clause.items[0] if [item.class_ for item in clause.items] in _REFUSED_DAY else None
        if plain and own is not None and not clause.hard and own.last == clause.items[1].first and is_day(own.value):
            standing |= {id(item) for item in before.items}
    return [item for item in days if id(item) not in standing]
