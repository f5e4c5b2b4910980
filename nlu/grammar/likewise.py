"""What is said of a need by pointing to another: "at the same time", "weekends as well"."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from nlu.grammar.attach import Block, Piece
from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS, DAY_KEYS, TIME_KEYS, UNLESS_SAID, When, is_day
from nlu.grammar.sharing import INHERITED
from nlu.packs.pack import Pack

_WITH_TIMES = TIME_KEYS | {"bound", "last_part"}
_LIMITS = frozenset({"from", "from_period", "period", "until", "inclusive", "lasting"})
_STARTS = frozenset({"from", "from_period"})
_PLACED = frozenset({"nth", "monthdays", "parity", "date", "workday"})


def take_same(blocks: Sequence[Block]) -> None:
    """Give a need the hour, the days or the period of one before it, where it says that they are the same.

    "The hairdresser on Fridays at ten and the pedicure on Mondays at the same time".
    """
    for place, block in enumerate(blocks):
        said = block.frame.said
        # "The cleaning again, same hours": rather as that was before.
        nearest = _those_like(said.pop("like", None), blocks[:place][::-1])
        before = [one for same in (True, False) for one in nearest if (one.services == block.services) is same]
        if how := said.pop("same_time", None):
            clocked = [other for other in before if CLOCK_KEYS & other.frame.said.keys()]
            if not block.frame.has_time:
                _take(block, clocked or [other for other in before if other.frame.has_time], _WITH_TIMES)
            elif how != UNLESS_SAID and clocked and "times" in said and "part" not in clocked[0].frame.said:
                # "The dog: same time and again at five".
                said["times"] = [*clocked[0].frame.said.get("times", ()), *said["times"]]
        # "In that period …, and on those same days …": a period says which days only together with them.
        if said.pop("same_day", None) and (not ((DAY_KEYS | {"per"}) & said.keys()) or _only_weekly(said)):
            _take(block, [other for other in before if other.frame.has_day], DAY_KEYS | INHERITED)
        if said.pop("same_period", None):
            _take(block, [other for other in before if _LIMITS & other.frame.said.keys()], _LIMITS)
            _end_together(said)
        if said.pop("same_start", None):
            _take(block, [other for other in before if _STARTS & other.frame.said.keys()], _STARTS)
        if (how_long := said.pop("same_length", None)) is not None:
            long = [other for other in before if "dur" in other.frame.said]
        if how_long and (long or how_long != UNLESS_SAID):
            _take(block, [other for other in long if other.services == block.services] or long, {"dur"})


def at_same_hour(pieces: Sequence[Piece], ditto: Item) -> None:
    """For "Monday at half past eight a shower, Wednesday ditto": at that hour, unless another is said."""
    last = pieces[-1] if pieces else None
    if last is None or last.kind != "T" or last.last != ditto.first or not last.boundary or not is_day(last.value):
        return
    hours = [CLOCK_KEYS & piece.value.keys() for piece in pieces if piece.kind == "T"]
    if any(hours) and not hours[-1]:
        last.value = {**last.value, "same_time": UNLESS_SAID}


def _those_like(day: str | None, blocks: Sequence[Block]) -> list[Block]:
    """Of the blocks those on a day that was pointed to ("Thursday the same as Wednesday"); all if it was none."""
    return [block for block in blocks if day is None or day in block.frame.said.get("days", ())]


def _end_together(said: When) -> None:
    """For "From the 7th for eight weeks …, and in those eight weeks …": both end on the same day."""
    if "from" in said and "lasting" in said:
        lasting = said.pop("lasting")
        said["until"] = {"in": lasting["n"], "unit": lasting["unit"], "base": said["from"][0]}
        said["inclusive"] = False


def _only_weekly(said: When) -> bool:
    """Whether it is said that something is for every week, and not on which days."""
    return DAY_KEYS & said.keys() == {"freq"} and said["freq"] == "WEEKLY"


def _take(block: Block, sources: Sequence[Block], keys: Collection[str]) -> None:
    """Give a block what the nearest of others says under these keys; what it cannot find is asked."""
    if not sources:
        block.frame.unsure.add("when")
        return
    for key, value in sources[0].frame.said.items():
        if key in keys:
            block.frame.said.setdefault(key, value)


def included_days(blocks: Sequence[Block], found: Found) -> None:
    """For "Help into bed on weekdays, weekends as well": those days too, of this need alone."""
    for block, item in _pointing(blocks, found, "included"):
        said = block.frame.said
        if not item.value or "days" not in said or _PLACED & said.keys():
            continue
        said["days"] = [day for day in WEEK if day in said["days"] or day in item.value]
        block.exceptions = [
            when
            for when in block.exceptions
            if when.keys() & (DAY_KEYS | {"period"}) != {"days"} or not set(when["days"]) <= set(item.value)
        ]
        if len(said["days"]) == len(WEEK) and said.get("interval", 1) == 1:
            for key in ("days", "every", "range"):
                said.pop(key, None)
            said["freq"] = "DAILY"


def _pointing(blocks: Sequence[Block], found: Found, class_: str) -> Iterator[tuple[Block, Item]]:
    """The blocks in which a phrase of a class stands, each with that phrase."""
    for item in found.items:
        begun = [block for block in blocks if block.place <= item.first]
        if item.class_ == class_ and begun:
            yield max(begun, key=lambda block: block.place), item


def otherwise(pieces: Sequence[Piece], item: Item, found: Found, pack: Pack) -> bool:
    """For "Daily, at weekends at eleven, otherwise at ten": no second choice, but the hour of the other days."""
    before = [other for other in found.items if other.last <= item.first][-1:]
    spoken = {word.text for other in before for word in found.words[other.first : other.last]}
    if item.value.keys() != {"times"} or not spoken <= pack.other_words:
        return False
    run = [piece.value for piece in pieces if piece.kind == "T"]
    daily = any(said.get("freq") == "DAILY" for said in run[:-1])
    return daily and "times" in run[-1] and any("days" in said for said in run[-2:])
