"""Days that are said twice, the second time between brackets: "tomorrow (Tuesday)", "Friday (27 November)"."""

from __future__ import annotations

from typing import Any

from nlu.grammar.found import Found, Item


def days_in_brackets(found: Found) -> None:
    """Make one phrase of a day and the same day between brackets behind it; whether they agree is told by the date."""
    for place in range(len(found.items) - 2, -1, -1):
        item, follower = found.items[place : place + 2]
        if item.class_ != "when" or follower.class_ != "when" or not _bracketed(found, item, follower):
            continue
        said, again = _day(item), _day(follower)
        if said is None or again is None or ("weekday" in said) == ("weekday" in again):
            continue
        weekday, date = (said, again) if "weekday" in said else (again, said)
        item.value = {"date": [{**date, "is": weekday["weekday"]}]}
        item.last = follower.last
        del found.items[place + 1]


def _bracketed(found: Found, item: Item, follower: Item) -> bool:
    """Whether a phrase stands directly behind another one and alone between brackets."""
    signs = (found.words[item.last].text, found.words[follower.last].text) if follower.last < len(found.words) else ()
    return signs == ("(", ")") and follower.first == item.last + 1


def _day(item: Item) -> dict[str, Any] | None:
    """The one day that a phrase says and nothing else: a date, or a `weekday` that does not come back."""
    if item.value.keys() == {"days"} and len(item.value["days"]) == 1:
        return {"weekday": item.value["days"][0]}
    if item.value.keys() == {"date"} and len(item.value["date"]) == 1:
        return dict(item.value["date"][0])
    return None
