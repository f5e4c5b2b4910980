"""Blocks that say again what another said: the same service once more, or only the days of it."""

from __future__ import annotations

from itertools import takewhile

from nlu.grammar.attach import FULL_STOP, Block
from nlu.grammar.clocks import choose
from nlu.grammar.day_functions import WEEK
from nlu.grammar.frames import CLOCK_KEYS, DAY_KEYS, TIME_KEYS, is_daily
from nlu.grammar.limits import RULE


def without_restated(blocks: list[Block]) -> list[Block]:
    """Drop a block that only says again on which days, once others are left out: "Weekends we do, so Monday to Friday".

    Those days are then the days of the block before.
    """
    row: list[Block] = []
    for block in blocks:
        before = row[-1] if row else None
        if before is not None and _same_days_again(before, block):
            continue
        days = set(block.frame.said.get("days", ()))
        left_out = [*(before.exceptions if before is not None else ()), *block.exceptions]
        gone = {day for when in left_out for day in when.get("days", ())}
        again = bool(gone) and days | gone == set(WEEK) and not (days & gone or block.services)
        if before is None or not again or block.frame.has_time or before.frame.has_day:
            row.append(block)
            continue
        before.frame.said.update(days=block.frame.said["days"], every=True)
        before.someone = before.someone or block.someone
    return row


def without_covered(blocks: list[Block]) -> list[Block]:
    """For "A walk every day, Mondays an hour and the other days half an hour": its parts say all that the head does."""
    row: list[Block] = []
    for place, block in enumerate(blocks):
        parts = list(takewhile(_only_says_when, blocks[place + 1 :]))
        rest = any(part.frame.said.get("rest") is True for part in parts)
        named = all(part.frame.said.keys() & {"days", "rest"} for part in parts)
        said = block.frame.said
        daily = is_daily(said)
        if not (rest and named and len(parts) > 1 and daily and block.services) or "dur" in said:
            row.append(block)
            continue
        for part in parts:
            part.services, part.someone = list(block.services), block.someone
            part.exceptions = [*block.exceptions, *part.exceptions]
            timed = CLOCK_KEYS & part.frame.said.keys()
            for key, value in said.items():
                if key not in DAY_KEYS and not (timed and key in TIME_KEYS):
                    part.frame.said.setdefault(key, value)
            part.frame.unsure |= block.frame.unsure
    return row


def _only_says_when(block: Block) -> bool:
    """Whether a block says when, and names nothing that is wanted."""
    return bool(block.frame.said) and not (block.services or block.someone)


def fold_repeats(blocks: list[Block], strict: bool) -> list[Block]:
    """Put what is said again of the same service ("company on Monday; we'd play cards from two to four") in one block.

    In a long letter a service that is only mentioned is dropped when another has a schedule of its own.
    """
    if strict and any(block.services and block.frame.has_day for block in blocks):
        blocks = [block for block in blocks if block.frame.said]
    row: list[Block] = []
    for block in _with_rules(blocks):
        before = row[-1] if row else None
        if before is not None and before.services == block.services and _continues(before, block):
            merged = before.frame.copy()
            if merged.add(dict(block.frame.said), close=True, direct=False):
                merged.unsure |= block.frame.unsure
                before.frame = merged
                before.exceptions += block.exceptions
                continue
        row.append(block)
    return row


def _with_rules(blocks: list[Block]) -> list[Block]:
    """For "The cleaning fortnightly, the windows monthly. Cleaning on Tuesdays at nine, …": how often, said ahead."""
    row: list[Block] = []
    for place, block in enumerate(blocks):
        later = [other for other in blocks[place + 1 :] if block.services and other.services == block.services]
        bare = bool(block.frame.said) and block.frame.said.keys() <= RULE and not block.frame.unsure
        if not bare or len(later) != 1 or "days" not in later[0].frame.said or RULE & later[0].frame.said.keys():
            row.append(block)
            continue
        later[0].frame.said.update(block.frame.said)
    return row


def _continues(before: Block, block: Block) -> bool:
    """Whether a block only adds to the one before: it says nothing of what that one says already.

    "The dog has to go out in the evenings. Could somebody walk him every evening at nine?"
    """
    days = before.frame.has_day and block.frame.has_day
    times = before.frame.has_time and block.frame.has_time
    return bool(block.services) and not days and (not times or _says_hour_of(before, block))


def _says_hour_of(before: Block, block: Block) -> bool:
    """Whether a sentence only says at what hour in the part of the day that the one before named.

    "My legs must be rubbed in every evening, I can't do it. Half past eight would be nice."
    """
    part = before.frame.said.get("part")
    if part is None or block.boundary != FULL_STOP or CLOCK_KEYS & before.frame.said.keys():
        return False
    clocks = block.frame.said.get("times", ())
    same = block.frame.said.get("part") in (part, None)
    return (
        same and (block.frame.has_day or len(clocks) == 1) and all(choose(clock, part) is not None for clock in clocks)
    )


def _same_days_again(before: Block, block: Block) -> bool:
    """Take into a block what only names its days once more: "on Sunday afternoon …. Every Sunday, if you can"."""
    nths = block.frame.said.get("nth", ()) if not before.frame.said.get("every") else ()
    days = before.frame.said.get("days", ()), block.frame.said.get("days", ()) or {day for _, day in nths}
    same = bool(days[0]) and set(days[0]) == set(days[1]) and bool(before.services or before.someone)
    if not same or block.services or block.frame.said.get("then") or (before.frame.has_time and block.frame.has_time):
        return False
    joint = before.frame.copy()
    if nths:
        # "On Tuesday …. Every second Tuesday of the month".
        del joint.said["days"]
    if not joint.add(dict(block.frame.said), close=True, direct=False):
        return False
    joint.unsure |= block.frame.unsure
    before.frame, before.last = joint, block.last
    before.exceptions += block.exceptions
    before.someone = before.someone or block.someone
    return True
