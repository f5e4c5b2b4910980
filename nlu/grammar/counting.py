"""How many times something shall be: "six physio sessions", "down for ten hot dinners"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nlu.grammar.chart import Chart
from nlu.grammar.found import Found, Item
from nlu.grammar.meaning import sentence_bounds
from nlu.packs.pack import Pack

SHORTEST_PLURAL = 5
"""A shorter word ("is", "this") is no name of several things."""
BEFORE_NOUN = 2
"""So many words further on at most stands what is counted ("ten hot dinners")."""
_EACH = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY"}
_WHICH = frozenset({"days", "freq", "date", "per", "nth", "monthdays", "lasting", "period"})
FAR = 3
"""So many words may stand between who was given something and how many."""


def count(found: Found, chart: Chart, pack: Pack) -> None:
    """Settle what the numbers of visits in a message are."""
    _counted(found, chart)
    _so_many(found, chart, pack)
    _granted(found, chart)
    _so_long_a_week(found, chart)
    _running(found)


def _running(found: Found) -> None:
    """For "Three nights from Monday": one after another, where it is said from when; else which days is asked."""
    for item in [item for item in found.items if item.class_ == "when" and "run" in item.value]:
        number, part = item.value["count"], item.value["part"]
        start, end = sentence_bounds(found, item.first)
        beside = [one.value for one in found.items if one.class_ == "when" and one is not item]
        near = [one.value for one in found.items if one.class_ == "when" and start <= one.first < end]
        near = [value for value in near if value is not item.value]
        spans = [value["period"] for value in near if {"from", "until"} <= value.get("period", {}).keys()]
        named = [value for value in near if _WHICH & value.keys()]
        listed = len(named) == 1 and len(named[0].get("days", ())) == number
        if listed or (len(spans) == 1 and _lasts(spans[0], number)):
            item.value = {"part": part, "partly": True}
        elif named:
            # "Three mornings, Monday to Wednesday": so many days are said, and no number of times.
            item.value = {"part": part, "partly": True, "unsure": "when"}
        elif any({"from", "from_period"} & value.keys() for value in beside):
            item.value = {"freq": "DAILY", "part": part, "count": number}
        else:
            item.value = {"part": part, "count": number, "unsure": "days"}


def _so_long_a_week(found: Found, chart: Chart) -> None:
    """For "Two hours of cleaning a week": a length before the service and "a week" behind it say that it comes back."""
    for length, service, follower in zip(found.items, found.items[1:], [*found.items[2:], None], strict=False):
        place = service.last
        several = length.class_ == "when" and "run" in length.value
        if (length.class_, service.class_) != ("when", "service") or not (several or length.value.keys() == {"dur"}):
            continue
        near = service.first - length.last < BEFORE_NOUN and not found.boundary(length.last, service.first)
        free = place + 1 < len(found.words) and (follower is None or place + 2 <= follower.first)
        if near and free and "article" in chart.at[place]:
            units = [edge.value for edge in chart.at[place + 1].get("unit", ()) if edge.end == place + 2]
            if units and units[0] in _EACH:
                if several:
                    # "Two evenings of company a week."
                    length.value = {"per": {"n": length.value["count"], "unit": units[0]}, "part": length.value["part"]}
                else:
                    again = Item("when", {"freq": _EACH[units[0]]}, place, place + 2)
                    found.items.insert(found.items.index(service) + 1, again)
                found.loose[:] = [at for at in found.loose if not place <= at < place + 2]
                return


def _lasts(span: Mapping[str, Any], number: int) -> bool:
    """Whether a span within a month is of so many days ("four nights, from the 3rd to the 6th")."""
    first, last = span["from"], span["until"]
    dated = "day" in first and "day" in last and first.get("month", last.get("month")) == last.get("month")
    return dated and last["day"] - first["day"] + bool(span.get("inclusive")) == number


def _counted(found: Found, chart: Chart) -> None:
    """Add how often it shall be where a service stands between ("six physio sessions")."""
    for item in [item for item in found.items if item.class_ == "service" and item.first]:
        numbers = chart.at[item.first - 1].get("plain_number", ())
        counted = any("sessions" in chart.at[place] for place in (item.last - 1, item.last) if place < len(found.words))
        if counted and numbers and numbers[0].value > 1:
            counting = Item("when", {"count": numbers[0].value}, item.first - 1, item.first)
            found.items.insert(found.items.index(item), counting)


def _so_many(found: Found, chart: Chart, pack: Pack) -> None:
    """For "Down for ten hot dinners": a bare number behind "for" counts what follows, and is no hour.

    Of a service it says how often, of all else ("lunch for two guests") nothing that is asked for.
    """
    for item in [item for item in found.items if item.class_ == "when"]:
        number = list(chart.at[item.last - 1].get("plain_number", ()))
        bare = item.last - item.first == 2 and item.value.keys() == {"times"} and bool(number)
        if not bare or found.words[item.first].text not in pack.counting_words:
            continue
        behind = [one for one in found.items if one.class_ == "service" and 0 <= one.first - item.last < BEFORE_NOUN]
        last = behind[0].last - 1 if behind else item.last
        if not _several(found, last, pack) or found.boundary(item.last, last + 1):
            continue
        if behind:
            item.value = {"count": number[0].value}
        else:
            item.class_ = "aside"


def _several(found: Found, place: int, pack: Pack) -> bool:
    """Whether a word is the name of several things, by its ending."""
    # As it was written: a misspelling may have been mended towards the name of one.
    word = found.words[place].token.original.casefold() if place < len(found.words) else ""
    timed = any(item.class_ == "when" and item.first <= place < item.last for item in found.items)
    named = word not in pack.idle and word.endswith(tuple(pack.plural_endings))
    return len(word) >= SHORTEST_PLURAL and named and not timed


def _granted(found: Found, chart: Chart) -> None:
    """Mark how many visits somebody was given ("I've been given six sessions"): they are wanted, though it is told."""
    ends = [edge.end for classes in chart.at for edge in classes.get("granted", ())]
    for item in found.items:
        if item.class_ == "when" and item.value.keys() == {"count"}:
            # The "for" may be of both.
            near = [end for end in ends if -1 <= item.first - end <= FAR]
            if any(not found.boundary(end, item.first) for end in near):
                item.value = {**item.value, "granted": True}
