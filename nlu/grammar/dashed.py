"""Dates in digits that look like hours: "Tuesday 8-12 at ten" is 8 December where that is a Tuesday."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nlu.grammar.dates import Calendar
from nlu.grammar.day_functions import WEEK, dashed
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, is_day
from nlu.grammar.meaning import sentence_bounds

HALF_DAY = 12
LONGEST_VISIT = 5
"""From so many hours on "Thursday 4-11" is rather a date."""
_CALLED_OFF = ("not", "stop", "move")
"""Beside these it is one visit that is meant, not how long it lasts ("the fysio of 2-12 can be left out")."""
_DASHED_WORDS = 3
"""A day, a hyphen and a month."""


def dates_with_dashes(found: Found, calendar: Calendar) -> None:
    """Make dates of what was taken for hours, where the weekday or the hour beside it says that it is one."""
    spans = [(item, said) for item in found.items if (said := _said(found, item)) is not None]
    whens = [item for item in found.items if item.class_ == "when"] if spans else []
    edges = {at for item, _ in spans for at in (item.first, item.last)}
    moved = any(item.class_ == "moveto" and {item.first, item.last} <= edges for item in found.items)
    for item, said in spans:
        place = whens.index(item)
        before = whens[place - 1] if place and whens[place - 1].last == item.first else None
        weekday = _weekday(item) or (_weekday(before) if before is not None else None)
        lasting = (said["month"] - said["day"]) % HALF_DAY > LONGEST_VISIT
        if weekday is not None:
            day = calendar.day(said)
            likely = lasting or _with_an_hour(found, item, [one for one in whens if one is not before])
            if day is None or WEEK[day.weekday()] != weekday or not likely:
                continue
            said = {**said, "is": weekday}
            if before is not None and not _weekday(item):
                item.first = before.first
                found.items.remove(before)
                whens.remove(before)
        elif not (moved or (lasting and found.has(*_CALLED_OFF)) or _with_an_hour(found, item, whens)):
            continue
        item.value = {"date": [said]}


def _said(found: Found, item: Item) -> dict[str, Any] | None:
    """The date that a span of hours may be: two numbers with a hyphen between them, behind a weekday or not."""
    if item.class_ != "when" or "span" not in item.value or item.value.keys() - {"span", "days"}:
        return None
    day, hyphen, month = (word.text for word in found.words[item.last - _DASHED_WORDS : item.last])
    return dashed(int(day), int(month)) if hyphen == "-" and day.isdigit() and month.isdigit() else None


def _weekday(item: Item) -> str | None:
    """The one weekday that a phrase says, if it comes back no more often."""
    days = item.value.get("days", ())
    return days[0] if len(days) == 1 and not item.value.get("every") else None


def _with_an_hour(found: Found, item: Item, whens: Sequence[Item]) -> bool:
    """Whether the hour of the one service of a sentence is said besides, which no other phrase gives a day."""
    start, end = sentence_bounds(found, item.first)
    beside = [other for other in whens if other is not item and start <= other.first < end]
    several = sum(other.class_ == "service" and start <= other.first < end for other in found.items) > 1
    timed = not several and any(CLOCK_KEYS & other.value.keys() for other in beside)
    return timed and not any(is_day(other.value) for other in beside)
