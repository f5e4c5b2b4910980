"""What the blocks of a message share: days and limits that one leaves unsaid and another says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any

from nlu.grammar.attach import FULL_STOP, Block, Piece
from nlu.grammar.clocks import choose
from nlu.grammar.day_functions import WEEK, beside
from nlu.grammar.frames import CLOCK_KEYS, DAY_KEYS, TIME_KEYS, When, is_day
from nlu.grammar.items import Found
from nlu.grammar.meaning import Sense, sentence_bounds

NEAR_HOURS = 4 * 60
"""Visits of one kind on one day lie further apart, in minutes."""
LIMITS = frozenset({"period", "from", "from_period", "until", "date", "lasting"})
RULE = frozenset({"freq", "interval"})
INHERITED = frozenset({"interval", "every", "partly", "weekend", "period", "from", "from_period", "then"})
"""What goes with the days of a need when another takes them over."""


def inherit_days(blocks: list[Block]) -> None:
    """A block that names no days is on the days of the block before it; one without a schedule at its times too."""
    for before, block in pairwise(blocks):
        if block.again and "dur" in before.frame.said:
            # "A walk on Tuesdays at two, half an hour; ditto on Sundays at eleven".
            block.frame.said.setdefault("dur", before.frame.said["dur"])
    for block in blocks:
        block.dated = block.frame.has_day
    for place, block in enumerate(blocks):
        if block.dated:
            continue
        source = _own_sentence(blocks, place) or next(
            (other for other in (*blocks[:place][::-1], *blocks[place + 1 :]) if other.frame.has_day), None
        )
        if source in blocks[place + 1 :] and _days_of_its_own(source, block):
            # "Stockings on at eight, and on Wednesdays a bath": the Wednesdays are of the bath only.
            continue
        later = source in blocks[place + 1 :]
        if later and source is not None and _in_next_sentence(source, blocks[place + 1 :]):
            source, later = None, False
        if source is None and place:
            source = blocks[place - 1]
        if source is None or not (source.frame.has_day or source.frame.said):
            continue
        given = source.frame.said
        whole = not block.scheduled
        for key, value in given.items():
            days = key in DAY_KEYS or key in INHERITED
            # "In the morning this and in the evening that, every day until 15 January": the end is of both.
            limit = (later or source.services == block.services) and key in ("until", "inclusive", "lasting")
            if (days or whole or limit or (key == "per" and not block.frame.has_time)) and key not in block.frame.said:
                block.frame.said[key] = value
        if given.get("per", {}).get("unit") == "day" and block.frame.has_time and source.services == block.services:
            # "Twice daily, morning and evening".
            del given["per"]
            given["freq"] = block.frame.said["freq"] = "DAILY"
        block.frame.unsure |= source.frame.unsure & {"phase", "days"}
        if whole:
            block.frame.unsure |= source.frame.unsure
        if whole or block.boundary < FULL_STOP or later:
            # "Wash at nine. Lunch at noon (not on Sundays). Tablets at eight.": the exception is of the lunch.
            block.exceptions += source.exceptions


def _own_sentence(blocks: Sequence[Block], place: int) -> Block | None:
    """The block whose days one that begins a sentence shares, in that sentence: "on at eight, off at ten, daily"."""
    if blocks[place].boundary < 2:
        return None
    for later in blocks[place + 1 :]:
        if later.boundary == 2:
            return None
        if later.frame.has_day:
            return None if _days_of_its_own(later, blocks[place]) else later
    return None


def _in_next_sentence(later: Block, following: Sequence[Block]) -> bool:
    """Whether a full stop stands before a block or between the blocks up to it."""
    return any(other.boundary == 2 for other in following[: following.index(later) + 1])


def _days_of_its_own(later: Block, block: Block) -> bool:
    """Whether the days that a later block names are its own only: they stand before its services, behind a cut."""
    every_day = later.frame.said.get("freq") == "DAILY"
    if block.frame.said.get("partly") and not later.names_service and CLOCK_KEYS & later.frame.said.keys():
        # "Stockings on in the morning and off at night, on Sundays not before ten".
        return True
    return later.days_first and bool(later.boundary) and later.services != block.services and not every_day


def go_on(blocks: list[Block]) -> None:
    """For "Daily until the 4th, then every other day": the second begins when the first ends."""
    for before, block in pairwise(blocks):
        said = block.frame.said
        until, lasting = before.frame.said.get("until"), before.frame.said.get("lasting")
        if not said.get("then") or {"from", "from_period", "date"} & said.keys():
            continue
        if until:
            said["from"] = [beside(until, 1) if before.frame.said["inclusive"] else until]
        elif "period" in before.frame.said:
            said["from"] = [{"after_period": before.frame.said["period"]}]
        elif lasting and not {"from_period", "date"} & before.frame.said.keys():
            base = before.frame.said.get("from", [{"rel": 0}])[0]
            said["from"] = [{"in": lasting["n"], "unit": lasting["unit"], "base": base}]
        elif lasting:
            block.frame.unsure.add("from")


def contrast(blocks: list[Block]) -> None:
    """For "Every morning at eight, but at the weekend at nine": the days of the second are not days of the first."""
    for place, block in enumerate(blocks):
        days = block.frame.said.get("days")
        before = next((other for other in blocks[:place][::-1] if other.services == block.services), None)
        if not days or before is None:
            continue
        said = before.frame.said
        if not block.frame.said.get("but") and (before.asked_behind or not _other_hour(before, block)):
            continue
        if "period" in block.frame.said:
            # "On Thursdays, but in the week of the 14th on Friday".
            before.exceptions.append({"period": block.frame.said["period"]})
            said["every"] = True
            continue
        block.frame.said["every"] = True
        if said.get("freq") == "DAILY" or not before.frame.has_day or set(days) < set(said.get("days", ())):
            before.exceptions.append({"days": list(days)})


def _other_hour(before: Block, block: Block) -> bool:
    """Whether a block only gives another hour for some of the days ("every day at eight, at the weekend at nine")."""
    times = [other.frame.said.get("times", ()) for other in (before, block)]
    if any(len(row) != 1 for row in times) or any("part" in other.frame.said for other in (before, block)):
        return False
    minutes = [choose(row[0]) for row in times]
    return minutes[0] is not None and minutes[1] is not None and abs(minutes[0] - minutes[1]) <= NEAR_HOURS


def other_days(blocks: list[Block], told: Sequence[When] = ()) -> None:
    """For "On the other days": the days of the week that no block before names, nor what was `told`."""
    named: set[str] = {day for when in told for day in when.get("days", ())}
    for block in blocks:
        rest = block.frame.said.pop("rest", None)
        if rest:
            left = [day for day in (WEEK[:5] if rest == "workdays" else WEEK) if day not in named]
            block.frame.said.update(days=left or list(WEEK), every=True)
        named |= set(block.frame.said.get("days", ()))


def share_limits(blocks: list[Block], sense: Sense, found: Found, pieces: Sequence[Piece] | None = None) -> None:
    """From, until, exceptions and a rule at the end, behind a comma, are of all needs.

    `pieces` is the row when something was taken out of that of the sense.
    """
    _leave_to_others(blocks, sense, found)
    if len(blocks) < 2:
        return
    last = blocks[-1]
    behind = _phrases_behind(sense)
    # "…, beginning on Monday, until Christmas": both are said at the end.
    limits = list(takewhile(lambda piece: piece.value.keys() <= LIMITS | {"inclusive"}, behind))
    tail = {key for piece in limits or behind[:1] for key in piece.value}
    closing = takewhile(lambda piece: piece.value.keys() <= LIMITS | RULE | {"inclusive"}, behind)
    # "… Every week, starting 2 November.": a sentence that names no days of its own.
    apart = (bool(behind) and behind[0].boundary == FULL_STOP) or any(one.boundary == FULL_STOP for one in closing)
    # What a sentence with needs of its own says at its end is of those: "Wash daily. Lunch at noon, until Easter."
    others = [block for block in blocks[:-1] if apart or any(block is one for one in _sentence_of(blocks, last))]
    for key in ("until", "lasting"):
        if key in tail and key in last.frame.said:
            for block in others:
                if not {"until", "lasting"} & block.frame.said.keys():
                    block.frame.said[key] = last.frame.said[key]
                    if key == "until":
                        block.frame.said["inclusive"] = last.frame.said["inclusive"]
    span = last.frame.said.get("period", {})
    for block in others if "period" in tail and "from" in span else ():
        if not LIMITS & block.frame.said.keys():
            block.frame.said["period"] = span
    said = sense.pieces if pieces is None else pieces
    _share_rule(blocks, said)
    _share_days(blocks, said)
    _share_beginning(blocks, others, tail, sense, found)
    if sense.pieces and sense.pieces[-1].kind == "X" and sense.pieces[-1].boundary:
        own = _sentence_of(blocks, last)
        for block in blocks[:-1]:
            if sense.pieces[-1].boundary == FULL_STOP or block in own:
                block.exceptions += [when for when in last.exceptions if when not in block.exceptions]
    _keep_apart(blocks, sense)


def _share_rule(blocks: list[Block], pieces: Sequence[Piece]) -> None:
    """For "On Monday the laundry and on Tuesday the shopping, every (other) week, at ten": all of it is of both.

    Its hour only when no need says another. At the end of a sentence before the last it is of the needs in that one.
    """
    stops = [at for at, piece in enumerate(pieces) if piece.boundary == FULL_STOP and at]
    for begin, end in pairwise([0, *stops]):
        inside = range(pieces[begin].place, pieces[end].place)
        _share_rule_of([block for block in blocks if block.place in inside], pieces[begin:end])
    _share_rule_of(blocks, pieces)


def _share_days(blocks: Sequence[Block], pieces: Sequence[Piece]) -> None:
    """For "Stockings on every morning and off every evening, weekdays only": what a sentence ends with is of all."""
    starts = [0, *(at for at, piece in enumerate(pieces) if piece.boundary == FULL_STOP and at), len(pieces)]
    for begin, end in pairwise(starts):
        sentence = [piece for piece in pieces[begin:end] if piece.kind != "X"]
        last = sentence[-1] if sentence else None
        if last is None or last.kind != "T" or not last.boundary or not {"days", "every"} <= last.value.keys():
            continue
        own = list(takewhile(lambda piece: piece.kind == "T", reversed(sentence)))
        if not any(_daily(piece.value) for piece in own):
            continue
        for block in blocks:
            if pieces[begin].place <= block.place < last.place and _daily(block.frame.said):
                del block.frame.said["freq"]
                block.frame.said.update(days=list(last.value["days"]), every=True)


def _daily(said: When) -> bool:
    """Whether something is said of every day."""
    return said.get("freq") == "DAILY" and said.get("interval", 1) == 1 and "days" not in said


def _share_rule_of(blocks: Sequence[Block], pieces: Sequence[Piece]) -> None:
    """Give the rule at the end of the pieces to those needs before the last that name bare weekdays."""
    run = list(takewhile(lambda piece: piece.kind == "T", reversed(pieces)))[::-1]
    start = next((at for at, piece in enumerate(run) if piece.boundary and piece.value.keys() <= RULE), None)
    if start is None or run[start].value["freq"] != "WEEKLY":
        return
    hours = {key: value for piece in run[start:] for key, value in piece.value.items() if key in TIME_KEYS}
    timed = any(block.frame.has_time for block in blocks[:-1])
    for block in blocks[:-1]:
        comes_back(block, run[start].value)
        if hours and not timed and not run[start].whole:
            block.frame.said.update(hours)


def comes_back(block: Block, rule: Mapping[str, Any]) -> None:
    """Make the bare weekdays of a need those of every week, or of each so many weeks, as was said for several."""
    said = block.frame.said
    if "days" in said and not {"every", "freq", "once", "period"} & said.keys():
        said.update(rule, every=True)


def _keep_apart(blocks: Sequence[Block], sense: Sense) -> None:
    """Leave days out of those needs alone of which it was said: "at the weekend our son cooks"."""
    for when, services in sense.alone:
        theirs = [bool(set(services) & set(block.services)) for block in blocks]
        for block, its in zip(blocks, theirs, strict=True) if any(theirs) else ():
            block.exceptions = [other for other in block.exceptions if other is not when]
            if its and when not in block.exceptions and not _only_then(block, when):
                block.exceptions.append(when)


def _leave_to_others(blocks: list[Block], sense: Sense, found: Found) -> None:
    """Leave out the days on which somebody of their own comes, from every need that this can be said of.

    "A meal every weekday, at weekends my brother cooks. And the dog each day at four": that is said of the meal only.
    """
    agents = {item.first for item, role in sense.whens if role == "agent"}
    for place, when, services in sense.others:
        if place not in agents or not is_day(when):
            continue
        for block in blocks:
            if _only_then(block, when):
                # "I go out on Thursdays, so somebody every Thursday": it is then that somebody is wanted.
                block.exceptions = [gone for gone in block.exceptions if gone is not when]
        alone = any(set(services) & set(block.services) for block in blocks)
        begun = [block for block in blocks if block.place < place]
        for block in blocks:
            # "Lunch on weekdays (my brother cooks on Sundays), …": in brackets it is of what stands before them.
            elsewhere = begun and block is not begun[-1] and found.in_brackets(place)
            later = elsewhere or (begun and block.place > place and block.dated)
            if alone:
                # Left out for that service only, see `set_apart`.
                block.exceptions = [gone for gone in block.exceptions if gone is not when]
            elif not (later or when in block.exceptions or _only_then(block, when)):
                block.exceptions.append(when)


def _share_beginning(blocks: list[Block], beside: Sequence[Block], tail: set[str], sense: Sense, found: Found) -> None:
    """Give the beginning that the first or, behind a comma, the last need says to those that say none.

    That of the first is not of a need with days of its own when it is said behind its service ("the hairdresser every
    four weeks from 3 March, and a lift to church every Sunday") or in another sentence, which does not go on with it.
    """
    first, last = blocks[0].frame.said, blocks[-1].frame.said
    going_on = _going_on(blocks, found) if _begins_first(sense) else []
    for source, others in ((first, blocks[1:]), (last, beside)):
        for key in ("from", "from_period"):
            if key not in source or (source is not first and key not in tail):
                continue
            if (
                source is last
                and last.get("interval", 1) > 1
                and all(one.frame.said.get("interval", 1) == 1 for one in others)
            ):
                # "…, and every other Saturday the garden, starting on 25 April": it says in which week.
                continue
            for block in others:
                apart = source is first and block.frame.has_day and not any(block is other for other in going_on)
                if not apart and not {"from", "from_period", "date"} & block.frame.said.keys():
                    block.frame.said[key] = source[key]
                    block.frame.said["shared"] = True


def _going_on(blocks: Sequence[Block], found: Found) -> list[Block]:
    """The needs of the first sentence that asks, and of those behind it that begin with "and" or "also"."""
    joins = {item.first for item in found.items if item.class_ == "join"}
    begin, _ = sentence_bounds(found, blocks[0].place)
    row: list[Block] = []
    for block in blocks:
        start, _ = sentence_bounds(found, block.place)
        if start not in {begin, *joins}:
            break
        begin = start
        row.append(block)
    return row


def _begins_first(sense: Sense) -> bool:
    """Whether it is said from when before any service is named: "From Friday we need …"."""
    for piece in sense.pieces:
        if piece.kind == "S":
            return False
        if piece.kind == "T" and {"from", "from_period"} & piece.value.keys():
            return True
    return False


def _sentence_of(blocks: Sequence[Block], wanted: Block) -> list[Block]:
    """The blocks in the sentence of one of them."""
    sentence: list[Block] = []
    for block in blocks:
        if block.boundary == FULL_STOP and sentence:
            if any(other is wanted for other in sentence):
                break
            sentence = []
        sentence.append(block)
    return sentence


def _only_then(block: Block, when: dict[str, Any]) -> bool:
    """Whether a need is for no other days: "our daughter cooks on Sundays, and could someone ring on Sundays?"."""
    days = block.frame.said.get("days") or ()
    return bool(days) and set(days) <= set(when.get("days", ()))


def _phrases_behind(sense: Sense) -> list[Piece]:
    """The schedule phrases at the end that commas or stops set apart, the last first."""
    row: list[Piece] = []
    for piece in reversed(sense.pieces):
        if piece.kind == "S" or (piece.kind == "T" and not piece.boundary):
            break
        if piece.kind == "T":
            row.append(piece)
    return row


def pair_up(blocks: list[Block]) -> None:
    """For "Stockings on and off, mornings and evenings": the first service at the first time, the second then."""
    for place in range(len(blocks) - 1):
        first, second = blocks[place], blocks[place + 1]
        if len(first.services) == 2 and first.together and second.services == first.services:
            first.services, second.services = first.services[:1], second.services[1:]
