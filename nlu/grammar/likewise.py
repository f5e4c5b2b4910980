"""What is said of a need by pointing to another: "at the same time", "weekends as well"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlu.grammar.attach import Block
from nlu.grammar.day_functions import WEEK
from nlu.grammar.frames import DAY_KEYS, TIME_KEYS
from nlu.grammar.items import Found, Item

_WITH_TIMES = TIME_KEYS | {"bound", "last_part"}
_PLACED = frozenset({"nth", "monthdays", "parity", "date", "workday"})


def same_times(blocks: Sequence[Block], found: Found) -> None:
    """For "The hairdresser on Fridays at ten and the pedicure on Mondays at the same time": the hour of the first."""
    for block, _ in _pointing(blocks, found, "same_time"):
        source = next((other for other in blocks[: _place(blocks, block)][::-1] if other.frame.has_time), None)
        if source is None or block.frame.has_time:
            continue
        block.frame.said.update({key: value for key, value in source.frame.said.items() if key in _WITH_TIMES})
        block.frame.unsure |= source.frame.unsure & {"time"}
        block.scheduled = True


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


def _place(blocks: Sequence[Block], wanted: Block) -> int:
    return next(at for at, block in enumerate(blocks) if block is wanted)
