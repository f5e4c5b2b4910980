"""What a few words behind a phrase make of it: a bare number in the place of another, days that a rule leaves out."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from nlu.grammar.chart import Chart
from nlu.grammar.clocks import Clock
from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, is_day
from nlu.grammar.meaning import clauses
from nlu.packs.pack import Pack

MOST = 60
"""A higher number is neither an hour nor a length in minutes."""
EVENING_BEGINS = 17 * 60
"""From this minute of the day on people speak of the evening, and of the night of a weekday."""
_BEFORE_NUMBER = frozenset({"correction", "meant", "moveto", "better"})
_MOVES = ("move", "moveto", "shift", "better")
_RENUMBERED = CLOCK_KEYS | {"dur", "per", "count"}


def not_here(found: Found, pack: Pack) -> None:
    """For "Wij zijn er van 5 tot 9 april niet": who says so of themselves is away then, and leaves out nothing."""
    for clause in clauses(found):
        last = clause.items[-1] if clause.items else None
        if last is None or last.class_ != "not" or clause.items[0].class_ != "self":
            continue
        if not clause.has("when") or clause.has("service", "particle", "request", "someone", "history"):
            continue
        behind = any(word.text.isalpha() for word in found.words[last.last : clause.end])
        pairs = {f"{one.text} {other.text}" for one, other in pairwise(found.words[clause.start : clause.end])}
        if pairs & pack.present and not behind:
            last.class_ = "away"


def bare_numbers(found: Found, chart: Chart, pack: Pack) -> None:
    """For "Two hours, make that three", "I put ten, it should have been eleven": the number takes another's place."""
    for place in range(len(found.items) - 1, -1, -1):
        item = found.items[place]
        at = item.last
        if item.class_ not in _BEFORE_NUMBER or at >= len(found.words):
            continue
        numbers = [edge.value for edge in chart.at[at].get("plain_number", ()) if 0 < edge.value <= MOST]
        taken = any(one.first <= at < one.last for one in found.items)
        others = [one.value.keys() for one in found.items if one.class_ == "when"]
        other = any(_RENUMBERED & keys for keys in others)
        # "Three hours at one, make that four": which of the two must be asked.
        other = other and not (any(CLOCK_KEYS & keys for keys in others) and any("dur" in keys for keys in others))
        # "Until twelve" says when it ends.
        ends = found.words[at - 1].text in pack.until_words
        if numbers and other and not (taken or ends) and not _counts(found, at, pack.being):
            found.items.insert(place + 1, Item("when", {"renumber": numbers[0], "to": True}, at, at + 1))


def _counts(found: Found, place: int, being: Collection[str]) -> bool:
    """Whether a number stands before a word that no phrase begins with: so many of it ("make that three cups")."""
    behind = place + 1
    if behind >= len(found.words) or not found.words[behind].text[0].isalpha() or found.words[behind].text in being:
        return False
    return not any(one.first == behind for one in found.items)


def left_out_after_and(found: Found, pack: Pack) -> None:
    """For "Every morning, and not on Boxing Day": beside what comes back those days are left out of it.

    In "at ten and not at nine" it is the old time, that another takes the place of.
    """
    standing: set[str] = set()
    for item, follower in pairwise([*found.items, Item("end", None, len(found.words), len(found.words))]):
        said = item.value if item.class_ == "when" else {}
        if said.get("every") or "freq" in said:
            standing |= set(said.get("days", WEEK))
        words = {word.text for word in found.words[item.first : item.last]}
        if item.class_ != "instead" or not words & pack.contrasts:
            continue
        gone = follower.value if follower.class_ == "when" and follower.first == item.last else {}
        dated = gone.keys() == {"date"}
        out = dated or ("days" in gone and set(gone["days"]) < standing)
        item.class_ = "except" if standing and out else item.class_


def left_out_too(found: Found, pack: Pack) -> None:
    """For "No cleaning this Thursday. Nor next Thursday. And not on the 4th either.": those days are left out as well.

    A "nor" that stands before no day says nothing. "And not" is said of the old time, where visits are moved.
    """
    refused = False
    for item, follower in pairwise([*found.items, Item("end", None, len(found.words), len(found.words))]):
        said = follower.value if follower.class_ == "when" and follower.first == item.last else {}
        day = is_day(said) or "weekday_next" in said
        again = item.class_ == "instead" and refused and found.boundary(item.first - 1, item.first) > 1
        words = {word.text for word in found.words[item.first : item.last]}
        if day and (item.class_ == "nor" or (again and words & pack.contrasts and not found.has(*_MOVES))):
            item.class_ = "except"
        refused = refused or item.class_ in ("not", "except")
    found.items[:] = [item for item in found.items if item.class_ != "nor"]


def so_of_services(found: Found) -> None:
    """For "The dentist on Wednesday, so my shower that day at three": that follows, as "so my sister can" does not."""
    for item, follower in pairwise([*found.items, Item("end", None, len(found.words), len(found.words))]):
        if item.class_ == "so_mine":
            of_service = follower.class_ == "service" and follower.first == item.last
            item.class_ = "so" if of_service else "reason"


def weekday_nights(found: Found) -> None:
    """For "Every Wednesday night at five pm": that is in the evening."""
    whens = [item for item in found.items if item.class_ == "when"]
    for night, item in [(night, item) for night in whens for item in whens]:
        beside = item is night or item.first == night.last or item.last == night.first
        if night.value.get("part") != "night" or "days" not in night.value or not beside:
            continue
        clocks: list[Clock] = item.value.get("times", [])
        if clocks and all(not clock.open and EVENING_BEGINS <= clock.minutes < EVENING_BEGINS + 60 for clock in clocks):
            night.value = {**night.value, "part": "evening"}
