"""How many times something shall be: "six physio sessions", "down for ten hot dinners"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nlu.grammar.chart import Chart
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When
from nlu.grammar.meaning import sentence_bounds
from nlu.packs.pack import Pack

SHORTEST_PLURAL = 5
"""A shorter word ("is", "this") is no name of several things."""
BEFORE_NOUN = 2
"""So many words further on at most stands what is counted ("ten hot dinners")."""
_EACH = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY"}
_RULES = frozenset({"every", "freq", "per", "nth", "monthdays"})
_WHICH = frozenset({"days", "freq", "date", "per", "nth", "monthdays", "lasting", "period"})
FEWEST = 2
AT_TABLE, MOST_GUESTS, EATEN = 8, 4, "meals"
"""More people than this do not eat together."""
FAR = 3
"""So many words may stand between who was given something and how many."""


def count(found: Found, chart: Chart, pack: Pack) -> None:
    """Settle what the numbers of visits in a message are."""
    _counted(found, chart, pack)
    _so_many(found, chart, pack)
    _granted(found, chart)
    _so_long_a_week(found, chart)
    _running(found)
    _rates(found)


def _rates(found: Found) -> None:
    """For "3 x half an hour of exercises per week": so many of them each week, and not in all."""
    whens = [item for item in found.items if item.class_ == "when"]
    for item in [item for item in whens if item.value.get("rate")]:
        start, _ = sentence_bounds(found, item.first)
        counts = [one for one in whens if start <= one.first < item.first and "count" in one.value]
        others = [one for one in whens if one is not item and _WHICH & one.value.keys()]
        unit = next(name for name, freq in _EACH.items() if freq == item.value["freq"])
        item.value = {key: value for key, value in item.value.items() if key != "rate"}
        if len(counts) == 1 and not others:
            number = counts[0].value.pop("count")
            counts[0].value["per"] = {"n": number, "unit": unit}
            found.items.remove(item)


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
        free = follower is None or place + 2 <= follower.first
        unit = _each(found, chart, place) if near and free else None
        if unit is not None:
            if several:
                # "Two evenings of company a week."
                length.value = {"per": {"n": length.value["count"], "unit": unit}, "part": length.value["part"]}
            else:
                again = Item("when", {"freq": _EACH[unit]}, place, place + 2)
                found.items.insert(found.items.index(service) + 1, again)
            return


def _lasts(span: Mapping[str, Any], number: int) -> bool:
    """Whether a span within a month is of so many days ("four nights, from the 3rd to the 6th")."""
    first, last = span["from"], span["until"]
    dated = "day" in first and "day" in last and first.get("month", last.get("month")) == last.get("month")
    return dated and last["day"] - first["day"] + bool(span.get("inclusive")) == number


def _counted(found: Found, chart: Chart, pack: Pack) -> None:
    """Add how often it shall be where a service stands between ("six physio sessions", "six walks, Mondays at two")."""
    whens = [item.value for item in found.items if item.class_ == "when"]
    again = any(_RULES & value.keys() or len(value.get("days", ())) > 1 for value in whens)
    for item in [item for item in found.items if item.class_ == "service" and item.first]:
        numbers = chart.at[item.first - 1].get("plain_number", ())
        if not numbers or numbers[0].value < FEWEST:
            continue
        counted = any("sessions" in chart.at[place] for place in (item.last - 1, item.last) if place < len(found.words))
        event = found.words[item.last - 1].text in pack.events and not _taken(found, item.first - 1)
        unit = _each(found, chart, item.last) if event else None
        if unit is not None:
            # "Three walks a week."
            said: When = {"per": {"n": numbers[0].value, "unit": unit}}
        elif counted or (event and again):
            said = {"count": numbers[0].value}
        elif event:
            # "Two walks on Monday": both on that day, or one a week?
            said = {"vague": "when"}
        else:
            continue
        found.items.insert(found.items.index(item), Item("when", said, item.first - 1, item.first))


def _taken(found: Found, place: int) -> bool:
    return any(one.first <= place < one.last for one in found.items)


def _each(found: Found, chart: Chart, place: int) -> str | None:
    """The unit of "a week" at a place, if no phrase took it."""
    if place + 1 >= len(found.words) or "article" not in chart.at[place] or _taken(found, place):
        return None
    units = [edge.value for edge in chart.at[place + 1].get("unit", ()) if edge.end == place + 2]
    if units and units[0] in _EACH:
        found.loose[:] = [at for at in found.loose if not place <= at < place + 2]
        return str(units[0])
    return None


def _so_many(found: Found, chart: Chart, pack: Pack) -> None:
    """For "Down for ten hot dinners": a bare number behind "for" counts what follows, and is no hour.

    Of a service it says how often, of all else ("lunch for two guests") nothing that is asked for.
    """
    for item in [item for item in found.items if item.class_ == "when"]:
        number = list(chart.at[item.last - 1].get("plain_number", ()))
        bare = item.last - item.first == 2 and item.value.keys() == {"times"} and bool(number)
        if not bare or found.words[item.first].text not in pack.counting_words:
            continue
        if number[0].value <= AT_TABLE and _other_hour(found, item):
            # "Dinner for two on Sunday at one": so many eat.
            item.class_ = "aside"
            continue
        before = next((one for one in found.items if one.last == item.first), None)
        eaten = before is not None and before.class_ == "service" and before.value == [EATEN]
        if eaten and FEWEST <= number[0].value <= MOST_GUESTS:
            # "Dinner for two": hardly an hour.
            item.value = {**item.value, "unsure": "time"}
            continue
        behind = [one for one in found.items if one.class_ == "service" and 0 <= one.first - item.last < BEFORE_NOUN]
        last = behind[0].last - 1 if behind else item.last
        if not _several(found, last, pack) or found.boundary(item.last, last + 1):
            continue
        if behind:
            item.value = {"count": number[0].value}
        else:
            item.class_ = "aside"


def _other_hour(found: Found, item: Item) -> bool:
    """Whether another hour is named behind one, in words of its own and with no service between the two."""
    for other in found.items[found.items.index(item) + 1 :]:
        if other.class_ == "service" or found.boundary(item.last, other.first) > 1:
            return False
        if other.class_ == "when" and "times" in other.value:
            return found.words[other.first].text != found.words[item.first].text
    return False


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
