"""How long somebody is away who tells both days: "we leave on Friday and come back on Tuesday"."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When
from nlu.grammar.meaning import Clause, clauses


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
