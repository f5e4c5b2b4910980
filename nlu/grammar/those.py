"""Days that were told before and are pointed back to: "on those evenings", "on the days that she can't"."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import When
from nlu.grammar.meaning import Clause, sentence_bounds
from nlu.grammar.telling import asks

UNABLE, AWAY = "unable", "away"
"""Said of the days on which somebody cannot do it (other days than those on which they do), or is away."""
NEAR = 4
"""So many words may stand between "on the days I can't" and what days those are."""
_LACKS = ("not", "except", "absent", "away", "gone")
_NAMED = frozenset({"days", "date"})


def point_back(found: Found, row: Sequence[Clause], but_words: frozenset[str]) -> None:
    """Give every phrase that points at days that were told the days themselves; of what told them no more is wanted.

    One that cannot be resolved leaves the days to be asked, or is what it was without pointing.
    """
    for item in found.items:
        if item.class_ == "when" and "those" in item.value:
            _resolve(item, found, row, but_words)


def _resolve(item: Item, found: Found, row: Sequence[Clause], but_words: frozenset[str]) -> None:
    said = {key: value for key, value in item.value.items() if key != "those"}
    start, end = sentence_bounds(found, item.first)
    inside = [other for other in found.items if start <= other.first < end]
    refused = any(other.class_ in ("not", "except") for other in inside)
    asked = any(other.class_ in ("request", "someone", "service") for other in inside)
    behind = _said_behind(item, inside, found)
    if behind is not None:
        # "On the days my carer doesn't come, that's Wednesday and Sunday".
        item.class_, behind.value = "aside", {**said, **behind.value, "every": True}
        return
    named = _told_days(item, found)
    if refused or not asked or named is None:
        if said:
            item.value = said if refused else {**said, "vague": "days"}
        elif item.value["those"] in (UNABLE, AWAY):
            item.value = {"vague": "days"}
        else:
            item.class_ = "those"
        return
    telling = next((clause for clause in row if any(named is other for other in clause.items)), None)
    lacking = telling is not None and telling.has(*_LACKS)
    # "The next two Tuesdays she is off; … on those mornings": so many of them.
    days = {key: named.value[key] for key in (_NAMED | {"count"}) & named.value.keys()}
    if item.value["those"] in (UNABLE, AWAY) and not lacking:
        if "days" not in days or item.value["those"] == AWAY:
            item.value = {**said, "vague": "days"}
            return
        days["days"] = [name for name in WEEK if name not in days["days"]]
    elif telling is not None and not asks(telling) and (start > named.first or not telling.has("service")):
        named.class_ = "aside"
    every: When = {"every": True} if "days" in days else {}
    if but_words & {word.text for word in found.words[named.first : named.last]}:
        # "Every evening but Sunday we can do. On those evenings …": which of the two is meant?
        every["unsure"] = "days"
    part = {"part": named.value["part"]} if "part" in named.value else {}
    item.value = {**part, **{key: said[key] for key in said if key != "partly"}, **days, **every}


def _said_behind(item: Item, inside: Sequence[Item], found: Found) -> Item | None:
    """The weekdays that are said just behind it, where a comma or a colon parts the two."""
    near = [other for other in inside if 0 < other.first - item.last <= NEAR and other.class_ == "when"]
    named = [other for other in near if "days" in other.value and found.boundary(item.last, other.first)]
    return named[0] if named else None


def _told_days(item: Item, found: Found) -> Item | None:
    """The phrase before it that names weekdays or dates."""
    before = [other for other in found.items if other.class_ == "when" and other.last <= item.first]
    named = [other for other in before if _NAMED & other.value.keys() and "period" not in other.value]
    return named[-1] if named else None
