"""What a sentence of one or two words says: an hour ("Tuesdays. Nine."), or a day left out ("Sunday neither.")."""

from __future__ import annotations

from nlu.grammar.chart import Chart, Edge
from nlu.grammar.clocks import Clock
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, is_day
from nlu.grammar.meaning import sentence_bounds
from nlu.grammar.spelling import HARD_STOPS

_ANIMALS = "pet_care"
_PLACED = frozenset({"times", "part", "partly", "adverb", "bound"})
"""What an hour with its part of the day says ("two o'clock in the afternoon")."""
_SAYS_DAYS = frozenset({"part", "freq"})


def lone_hours(found: Found, chart: Chart) -> None:
    """For "Help me dress. Mornings. Eight.": a number alone in its sentence, right behind days, is an hour.

    "Morning and evening. Eight and nine." are two. Digits may as well number a list. One that may be an hour, where
    another was said or no day stands before it, is not understood.
    """
    whens = any(item.class_ == "when" for item in found.items)
    for at, end in _sentences(found):
        before = next((item for item in reversed(found.items) if item.last <= at), None)
        taken = [item for item in found.items if at <= item.first < end]
        said = before.value if before is not None and before.class_ == "when" else {}
        timed = any(item.class_ == "when" and CLOCK_KEYS & item.value.keys() for item in found.items)
        hours = [_hour(chart, found, place) for place in range(at, end) if not _joined(taken, place)]
        if not hours or None in hours or any(item.class_ != "join" for item in taken):
            continue
        if timed or not (is_day(said) or _SAYS_DAYS & said.keys()):
            found.loose += [at] if whens and not taken else []
        elif len(hours) == len(taken) + 1:
            clocks = [hour for hour in hours if hour is not None]
            found.items[:] = [item for item in found.items if item not in taken]
            place = found.items.index(before) + 1 if before in found.items else 0
            found.items.insert(place, Item("when", {"times": clocks}, at, end))


def lengths_before_hours(found: Found, chart: Chart) -> None:
    """For "The shopping two hours in the evening at seven": where "two hours" may be an hour too, the other one is."""
    for place in range(len(found.items) - 2, -1, -1):
        item, follower = found.items[place : place + 2]
        beside = item.class_ == follower.class_ == "when" and item.last == follower.first
        if not beside or item.value.keys() != _PLACED or follower.value.keys() != {"times"}:
            continue
        length = next((edge for at in (0, 1) for edge in _lengths(chart, item.first + at, item.last)), None)
        if length is None or len(item.value["times"]) > 1:
            continue
        part = {key: value for key, value in item.value.items() if key not in ("times", "bound")}
        found.items.insert(place + 1, Item("when", part, length.end, item.last))
        item.value, item.last = {"dur": length.value}, length.end


def _lengths(chart: Chart, start: int, end: int) -> list[Edge]:
    """What says how long something lasts, from a place on, with something behind it before `end`."""
    return [edge for edge in chart.at[start].get("duration", ()) if edge.end < end]


def _sentences(found: Found) -> list[tuple[int, int]]:
    """The first word of each sentence that ends with a stop, but for the first, and the place behind its last."""
    row, start = [], 0
    for place, word in enumerate([*(word.text for word in found.words), "."]):
        if word in HARD_STOPS:
            row += [(start, place)] if start and start < place else []
            start = place + 1
    return row


def _joined(taken: list[Item], place: int) -> bool:
    return any(item.first <= place < item.last for item in taken)


def _hour(chart: Chart, found: Found, place: int) -> Clock | None:
    """The hour that a word says."""
    if found.words[place].token.original.isdigit():
        return None
    hours = [edge.value for edge in chart.at[place].get("bare_hour", ()) if edge.end == place + 1]
    return hours[0] if hours else None


def left_behind_days(found: Found) -> None:
    """For "Sunday neither.", "The 2nd of June leave it.": what ends its clause behind a day leaves that day out."""
    kept = []
    for place, item in enumerate(found.items):
        before = found.items[place - 1] if place else None
        ends = item.last == len(found.words) or not found.words[item.last].text.isalpha()
        day = before is not None and before.class_ == "when" and is_day(before.value) and before.last == item.first
        if item.class_ in ("nor", "leave_it") and day and ends:
            item.class_ = "not"
        others = [*found.items[: place - 1], *found.items[place + 1 :]] if item.class_ == "except" and day else None
        if others is not None and not any(one.class_ == "when" for one in others):
            # "The windows tomorrow rather not, thank you": no other day that is left out of them.
            item.class_ = "not"
        if item.class_ != "leave_it":
            kept.append(item)
    found.items[:] = kept


def so_many_animals(found: Found) -> None:
    """For "His rabbits are still here, six of them": so many live there, where no day stands between."""
    for place, item in enumerate(found.items):
        if item.class_ != "when" or item.value.keys() != {"count"}:
            continue
        start, _ = sentence_bounds(found, item.first)
        before = [other for other in found.items[:place] if other.first >= start]
        named = next((at for at, other in enumerate(before) if other.value == [_ANIMALS]), None)
        asked = any(other.class_ in ("request", "someone") for other in before)
        if named is not None and not asked and not any(other.class_ == "when" for other in before[named:]):
            item.class_ = "aside"
