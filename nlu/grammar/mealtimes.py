"""Whether "at dinner" is a time of day or the meal that somebody wants help with."""

from __future__ import annotations

from itertools import pairwise

from nlu.grammar.found import Found, Item
from nlu.packs.pack import Pack

MEAL = "meals"
CLOSE = 3
"""Fewer words than these between two meals: they are one list ("at breakfast, lunch and dinner")."""


def settle_mealtimes(found: Found, pack: Pack) -> None:
    """Take "at breakfast" for the time of day when something else is asked for, else for the meal."""
    other = any(_other(item) for item in found.items)
    for before, item in pairwise(list(found.items)) if other else ():
        listed = item.class_ == "service" and item.value == [MEAL] and item.first - before.last < CLOSE
        if before.class_ == "mealtime" and listed:
            # How often is not known for sure.
            found.items.remove(item)
            found.loose.append(item.first)
    for place, item in enumerate(found.items):
        if item.class_ == "mealtime":
            timed = other and not _helped_with(found, place, pack)
            item.class_ = "when" if timed else "service"
            item.value = {"part": item.value, "partly": True} if timed else [MEAL]


def _other(item: Item) -> bool:
    return item.class_ == "service" and MEAL not in item.value


def _helped_with(found: Found, place: int, pack: Pack) -> bool:
    """Whether a meal is what the help before it is for ("help on Christmas Day with my dinner, and then a lift")."""
    item = found.items[place]
    for before in reversed(found.items[:place]):
        parted = found.boundary(before.last, item.first)
        if parted or before.class_ in ("join", "newneed", "service"):
            return False
        if pack.help_words & {word.text for word in found.words[before.first : before.last]}:
            return _stands_alone(found, place)
    return False


def _stands_alone(found: Found, place: int) -> bool:
    """Whether no service comes behind something in the same breath ("help at breakfast with my pills")."""
    follower = next((one for one in found.items[place + 1 :] if one.class_ != "when"), None)
    if follower is None or follower.class_ != "service":
        return True
    return bool(found.boundary(found.items[place].last, follower.first))
