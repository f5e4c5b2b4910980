"""Feasts and dates that are told beside days of the month: they tell why, and which month it is.

"Not on the 24th, we have guests at Christmas"; "My operation is on 8 January, so from the 12th …".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from nlu.grammar.dates import Calendar
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When
from nlu.grammar.meaning import clauses

_WHY = frozenset({"person", "self", "away", "reason"})
"""Behind a date these begin what only tells why."""
_FEAST = frozenset({"occasion", "label"})
_STARTS = frozenset({"from", "date"})
AHEAD_DAYS = 200
"""A date further ahead was rather meant to be one of the past."""
NEAR_DAYS = 15
"""So near to a feast a day of the month is likely meant to be, where both are named."""


def without_occasions(days: Sequence[Item], found: Found) -> Sequence[Item]:
    """For "Not on the 2nd please, my daughter's staying over New Year": why, behind the day that is meant."""
    named = [day for day in days if {"date", "days"} & day.value.keys() and not _FEAST & day.value.keys()]
    if not named:
        return days
    first = min(day.last for day in named)
    told = [item.last for item in found.items if item.class_ in _WHY and first <= item.first]
    return [day for day in days if not _FEAST & day.value.keys() or not any(last <= day.first for last in told)]


def of_the_feast(days: Sequence[Item], named: Sequence[Item], calendar: Calendar) -> Sequence[Item]:
    """For "We're away over Christmas, so nobody on the 24th": that of the month of the feast.

    `named` are all days that were named, the feasts that only tell why as well.
    """
    feasts = [day for item in named if _FEAST & item.value.keys() for day in _feast(item, calendar)]
    if not feasts:
        return days
    return [_near(item, feasts, calendar) for item in days]


def _feast(item: Item, calendar: Calendar) -> list[date]:
    """The next date of a feast."""
    return [day for said in item.value.get("date", ()) if "holiday" in said for day in calendar.dates(said)[:1]]


def _near(item: Item, feasts: Sequence[date], calendar: Calendar) -> Item:
    """An item in which days of the month without their month are those near a feast."""
    if "date" not in item.value:
        return item
    return replace(item, value={**item.value, "date": [_placed(said, feasts, calendar) for said in item.value["date"]]})


def _placed(said: dict[str, Any], feasts: Sequence[date], calendar: Calendar) -> dict[str, Any]:
    if said.keys() - {"is"} != {"day"}:
        return said
    for feast in feasts:
        for month in (feast.month, feast.month % 12 + 1, (feast.month + 10) % 12 + 1):
            for day in calendar.dates({"day": said["day"], "month": month}):
                if abs((day - feast).days) <= NEAR_DAYS:
                    return {**said, "month": month}
    return said


def in_their_month(found: Found, calendar: Calendar) -> None:
    """Give days of the month that stand behind a date that is only told the month of that date.

    "I'm having my hip done on 8 January, so from the 12th I need help": not from the twelfth of this month.
    """
    told: date | None = None
    keys = _STARTS
    for clause in clauses(found) if found.has("when") else ():
        tells = not clause.has("service", "request", "someone", "not")
        for item in clause.items:
            if item.class_ != "when":
                continue
            if told is not None:
                item.value = _in_month(item.value, told, calendar, keys)
            dates = item.value.get("date", ())
            named = len(dates) == 1 and ({"day", "month"} <= dates[0].keys() or "holiday" in dates[0])
            if tells and item.value.keys() <= {"date", *_FEAST} and named:
                day = next(iter(calendar.dates(dates[0])), None)
                # "My birthday is on 4 March. Could somebody clean on the 12th?" may be this month.
                keys = _STARTS if not clause.has("history") else frozenset({"from"})
                told = day if day and (day - calendar.today).days <= AHEAD_DAYS else None


def _in_month(when: When, told: date, calendar: Calendar, keys: frozenset[str]) -> When:
    """A phrase with the month of a date that was told before, where it would be before that and says no month."""
    mended = {key: [_from(said, told, calendar) for said in when[key]] for key in keys & when.keys()}
    return {**when, **mended} if mended else when


def _from(said: dict[str, Any], told: date, calendar: Calendar) -> dict[str, Any]:
    bare = calendar.day(said) if said.keys() == {"day"} else None
    if bare is None or bare >= told:
        return said
    near = _placed(said, [told], calendar)
    if near.keys() == said.keys():
        return said
    day = calendar.day(near)
    return near if day is not None and abs((day - told).days) <= NEAR_DAYS else said
