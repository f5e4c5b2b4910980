"""What is said of some services alone: days left out for them only, how long, from when on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nlu.grammar.attach import Block
from nlu.grammar.clocks import NOON, Clock, choose_each
from nlu.grammar.found import Found
from nlu.grammar.frames import When


@dataclass
class Apart:
    """What is said of these services alone, between two places of the message."""

    services: list[str]
    exceptions: list[When] = field(default_factory=list)
    said: When = field(default_factory=dict)
    first: int = 0
    last: int = 0
    others: bool = False
    """Whether somebody of their own comes on the days that are left out."""


def leave_out(blocks: Sequence[Block], apart: Sequence[Apart], found: Found) -> None:
    """Take days that are left out for some services alone from all needs, where one of these services is wanted.

    "A meal every weekday, at weekends my brother cooks. And the dog each day at four": that is said of the meal only,
    see `set_apart`. Where none of them is wanted, nobody at all is to come when somebody of their own does.
    """
    for own in apart:
        for block in blocks:
            # "I go out on Thursdays, so somebody every Thursday": it is then that somebody is wanted.
            wanted = [when for when in own.exceptions if own.others and _only_then(block, when)]
            block.exceptions = [gone for gone in block.exceptions if not any(gone is when for when in wanted)]
        if any(set(own.services) & set(block.services) for block in blocks):
            for block in blocks:
                block.exceptions = [
                    gone for gone in block.exceptions if not any(gone is when for when in own.exceptions)
                ]
        elif own.others:
            _of_all(blocks, own, found)


def _of_all(blocks: Sequence[Block], own: Apart, found: Found) -> None:
    """Leave out the days on which somebody of their own comes, from every need that this can be said of."""
    begun = [block for block in blocks if block.place < own.first]
    for block in blocks:
        # "Lunch on weekdays (my brother cooks on Sundays), …": in brackets it is of what stands before them.
        elsewhere = begun and block is not begun[-1] and found.in_brackets(own.first)
        later = begun and block.place > own.first and block.dated
        if not (elsewhere or later):
            _except(block, own)


def _except(block: Block, own: Apart) -> None:
    """Leave days out of a need that has others."""
    beside = [when for when in own.exceptions if own.others and _named_beside(block, when)]
    if beside:
        block.exceptions = [gone for gone in block.exceptions if gone not in beside]
        if block.frame.said.get("part") != "night":
            block.frame.unsure.add("days")
    block.exceptions += [
        when
        for when in own.exceptions
        if when not in block.exceptions and when not in beside and not _only_then(block, when)
    ]


def _named_beside(block: Block, when: When) -> bool:
    """Whether some of the days on which somebody of their own comes are named for the need, and others are not.

    "The nights of Friday and Saturday, on weekdays our son is here": then the days that are named are meant.
    """
    days, gone = set(block.frame.said.get("days") or ()), set(when.get("days", ()))
    return bool(days & gone) and not gone <= days and "range" not in block.frame.said


def _only_then(block: Block, when: When) -> bool:
    """Whether a need is for no other days: "our daughter cooks on Sundays, and could someone ring on Sundays?"."""
    days = block.frame.said.get("days") or ()
    return bool(days) and set(days) <= set(when.get("days", ()))


def set_apart(blocks: Sequence[Block], apart: Sequence[Apart]) -> list[Block]:
    """The blocks, where a service of which something is said alone has a block of its own."""
    blocks = list(blocks)
    for own in apart:
        row: list[Block] = []
        for block in blocks:
            mine = [key for key in block.services if key in own.services]
            others = [key for key in block.services if key not in own.services]
            if not mine:
                row.append(block)
                continue
            first_mine = block.services[0] in mine
            for services in (mine, others) if first_mine else (others, mine):
                if not services:
                    continue
                part = block.alone(services)
                if services is mine:
                    _except(part, own)
                    part.frame.said.update(own.said)
                row.append(part)
        blocks = row
    return blocks


def without_taken(blocks: Sequence[Block], hours: Sequence[Clock]) -> None:
    """Leave out the hours at which somebody of their own comes: "at seven, three and eleven; the nurse does seven"."""
    for block in blocks if hours else ():
        said = block.frame.said
        service = block.services[0] if block.services else None
        own = choose_each(said.get("times", ()), said.get("part"), service, said.get("last_part"))
        taken = [[minutes for minutes in own if minutes % NOON == clock.minutes % NOON] for clock in hours]
        left = [minutes for minutes in own if not any(minutes in same for same in taken)]
        if not any(taken) or len(own) < len(said["times"]):
            continue
        if not left or any(len(same) > 1 for same in taken):
            block.frame.unsure.add("time")
            continue
        said["times"] = [Clock(minutes, open=False) for minutes in left]
        if said.get("per", {}).get("unit") == "day":
            said["freq"] = "DAILY"
        for key in ("last_part", "per", "count"):
            said.pop(key, None)


def hours_a_day(blocks: Sequence[Block]) -> None:
    """For "Turned twice at night, at twelve and at four": so many hours are said, and no number of times."""
    for block in blocks:
        said = block.frame.said
        daily = said.get("freq") == "DAILY" or said.get("partly")
        if daily and said.get("count") == len(said.get("times", ())):
            del said["count"]
