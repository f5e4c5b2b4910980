"""Days that are said by pointing at one that was named before: "the week after", "the day before"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nlu.grammar.day_functions import beside, week_after
from nlu.grammar.found import Item
from nlu.grammar.frames import When


def point(items: Sequence[Item]) -> None:
    """Give every schedule phrase that points at the days named before it those days; one that cannot is no phrase."""
    _name_holidays(items)
    before: When = {}
    for item in items:
        if item.class_ != "when":
            continue
        if item.value.get("date", [{}])[0].get("from_said"):
            _day_beside(item, before)
        if "week_after" in item.value.get("period", ()):
            item.value = {**item.value, "period": week_after(before)}
        if "weekday_next" in item.value:
            item.value = _weekday_next(item.value, before)
        if "day_next" in item.value:
            item.value = _day_next(item.value["day_next"], before)
        if {"period", "date", "days"} & item.value.keys():
            before = item.value


def _name_holidays(items: Sequence[Item]) -> None:
    """For "In half term (19 to 23 October)": the dates in the brackets say which days that is."""
    for item, follower in pairwise(items):
        holidays = item.class_ == "when" and item.value == {"period": {"unknown": True}}
        if holidays and follower.class_ == "when" and "period" in follower.value and follower.first == item.last + 1:
            item.value, follower.class_ = follower.value, "aside"


def _day_beside(item: Item, before: When) -> None:
    """For "The day before": the one before the day that was named before."""
    days = item.value["date"][0]["from_said"]
    named = before.get("date", [])
    if len(named) == 1:
        item.value = {**item.value, "date": [beside(named[0], days)]}
    else:
        item.class_ = "aside"


def _weekday_next(said_next: When, before: When) -> When:
    """For "this Friday and the Friday after", "… and the one after": the one after the date that was named before.

    "From the Friday after" something begins then.
    """
    name, key = said_next["weekday_next"], "from" if said_next.get("begins") else "date"
    said = before["date"][-1] if "date" in before else {"weekday": (before.get("days") or [name])[-1]}
    weekday = said.get("weekday") if name == "same" else name
    return {key: [{"weekday_after": weekday, "n": 1, "said": said}]} if weekday else {"vague": "days"}


def _day_next(days: int, before: When) -> When:
    """For "on 17 June … that day or the day after": both days."""
    said = before["date"][-1] if "date" in before else {"weekday": before["days"][-1]} if "days" in before else None
    return {"date": [said, beside(said, days)]} if said else {"vague": "days"}
