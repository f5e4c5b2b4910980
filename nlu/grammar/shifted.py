"""Days on which everything is so much later or earlier: "daily at eight and at nine, at the weekend an hour later"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.grammar.attach import Block
from nlu.grammar.clocks import DAY, Clock, choose_each, fits
from nlu.grammar.day_functions import WEEK
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS
from nlu.grammar.meaning import Clause, clauses, sentence_bounds


@dataclass(frozen=True)
class Shift:
    """On these days, named from the word `place` of a sentence that begins at `start`, it is so many minutes later."""

    days: tuple[str, ...]
    minutes: int
    start: int
    place: int


def shifts(found: Found) -> list[tuple[Item, Shift | None]]:
    """The days of a message on which its hours are others, each with by how much; None where that is not known."""
    row: list[tuple[Item, Shift | None]] = []
    for clause in clauses(found):
        moved = next((item for item in clause.items if item.class_ == "shift" and item.last - item.first > 1), None)
        whens = [item for item in clause.items if item.class_ == "when"]
        only_days = len(whens) == 1 and {"days"} <= whens[0].value.keys() <= {"days", "every", "weekend"}
        if moved is None or not only_days or not _hour_before(found, clause):
            continue
        by = moved.value.get("minutes") if isinstance(moved.value, dict) else None
        start, _ = sentence_bounds(found, clause.items[0].first)
        known = Shift(tuple(whens[0].value["days"]), by[0], start, whens[0].first) if by and by[0] == by[1] else None
        row.append((whens[0], known))
    return row


def _hour_before(found: Found, clause: Clause) -> bool:
    """Whether a clock time is named before a clause."""
    return any(
        item.class_ == "when" and CLOCK_KEYS & item.value.keys() and item.last <= clause.start for item in found.items
    )


def apply(blocks: Sequence[Block], said: Sequence[Shift]) -> list[Block]:
    """The blocks, with one more for each that has other hours on some days, which it then leaves out.

    It is said of the needs of its own sentence, or where that names none of all before it.
    """
    row = list(blocks)
    for shift in said:
        before = [block for block in row if block.place < shift.place]
        mine = [block for block in before if block.place >= shift.start] or before
        for block in mine:
            other = _later(block, shift)
            if other is not None:
                row.insert(next(at for at, one in enumerate(row) if one is block) + 1, other)
    return row


def _later(block: Block, shift: Shift) -> Block | None:
    """A need on the days of a shift, at its other hours; None for a need that has no hours, or is once."""
    said = block.frame.said
    service = block.services[0] if block.services else None
    hours = choose_each(said.get("times", ()), said.get("part"), service, said.get("last_part"))
    own = set(said.get("days", WEEK if said.get("freq") == "DAILY" else ()))
    moved = [hour + shift.minutes for hour in hours]
    if not hours or not own or said.get("interval", 1) > 1 or not all(0 <= hour < DAY for hour in moved):
        return None
    other = block.alone(block.services)
    if own & set(shift.days):
        block.exceptions.append({"days": list(shift.days)})
    for key in ("freq", "range", "last_part"):
        other.frame.said.pop(key, None)
    if not all(fits(hour, said.get("part", "")) for hour in moved if "part" in said):
        other.frame.said.pop("part", None)
    other.frame.said.update(
        days=list(shift.days), every=True, times=[Clock(hour, open=False) for hour in moved], bound=True
    )
    return other
