"""Which days are left out: until one is back or it goes on again, "the week after"; not those that only follow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nlu.grammar.day_functions import WEEK, beside
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


PAIR = 2
"""Of so many dates beside the return the first is the day on which one leaves."""
_BEGINS = ({"period"}, {"date"}, {"days"})
_AGAIN = ("join", "again", "kept", "request")


def _anew(found: Found) -> Item | None:
    """For "No meals next week. From the 24th again.": from when on it goes on, said behind what is left out.

    "Not this month. June again."; in "Not on Monday, Tuesday again" that may be left out as well.
    """
    refused = False
    for item, follower in pairwise(found.items):
        refused = refused or item.class_ in ("not", "except")
        if item.class_ != "when" or not refused or follower.first != item.last or follower.class_ not in _AGAIN:
            continue
        start, end = sentence_bounds(found, item.first)
        inside = [other for other in found.items if start <= other.first < end]
        alone = inside[0] is item and all(other.class_ in _AGAIN for other in inside[1:])
        bare = item.value.keys() in _BEGINS and len(item.value.get("days", item.value.get("date", "1"))) == 1
        if item.value.keys() == {"from"} or (alone and bare):
            return item
    return None


def until_back(days: list[Item], found: Found) -> list[Item]:
    """What is said of the return: the end of the time away ("start up again in March"), or nothing besides it."""
    if found.has("then", "those") and len(days) == 1:
        return days
    begin = _anew(found)
    if begin is not None and not (found.has("then", "those") and days in ([], [begin])):
        days = [item for item in days if item is not begin]
        if not days or any({"from", "from_period"} & item.value.keys() for item in days):
            day = _one_day(begin) or begin.value.get("period") or begin.value["from"][0]
            until = {"until": day, "inclusive": False}
            days = [*days, Item("when", until, begin.first, begin.last)]
    for clause in clauses(found):
        back = [item for item in days if any(item is other for other in clause.items)]
        if not back or not clause.has("arrives", "again") or clause.has("not", "except", "stop", "service", "cancel"):
            continue
        others = [item for item in days if item not in back]
        if away := away_until(others, back, clause, found):
            return away
        if len(back) == 1 and len(back[0].value.get("date", ())) == PAIR:
            # "We leave on the 14th and on the 28th we're back."
            left, home = back[0].value["date"]
            row = ({"from": [left]}, {"until": home, "inclusive": False})
            days = [*others, *(Item("when", value, back[0].first, back[0].last) for value in row)]
            continue
        said = back[0].value
        until = said["date"][0] if "date" in said else said.get("period")
        single = len(others) == 1 and len(others[0].value.get("date", ())) == 1 and clause.has("arrives")
        single = single and others[0].value.keys() == {"date"}
        if until and len(back) == 1 and (not others or single):
            others.append(Item("when", {"until": until, "inclusive": False}, back[0].first, back[0].last))
        if others:
            days = others
    return days


def weeks_later(days: list[Item]) -> list[Item]:
    """For "No cleaning this Thursday. Not the week after either.": that is the Thursday of that week."""
    row: list[Item] = []
    for item in days:
        before: list[When] = row[-1].value["date"] if row and row[-1].value.keys() == {"date"} else []
        said = item.value["period"] if item.value.keys() == {"period"} else {}
        if len(before) == 1 and said.keys() == {"week_of", "weeks"} and said["week_of"] == before[0]:
            item = Item("when", {"date": [beside(before[0], len(WEEK) * said["weeks"])]}, item.first, item.last)
        row.append(item)
    return row


def points(value: When) -> bool:
    """Whether days are said by pointing at those before them ("the week after", "the Friday after")."""
    return "weeks" in value.get("period", {}) or any("weekday_after" in one for one in value.get("date", ()))


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
