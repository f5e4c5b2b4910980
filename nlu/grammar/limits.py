"""What is said at the end or the beginning of a message, and is of all its blocks: from when, until when, how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise, takewhile
from typing import Any

from nlu.grammar.attach import FULL_STOP, Block, Piece, sentences
from nlu.grammar.found import Found
from nlu.grammar.frames import CLOCK_KEYS, DAY_KEYS, TIME_KEYS, When, is_daily, is_day
from nlu.grammar.meaning import Sense, sentence_bounds

LIMITS = frozenset({"period", "from", "from_period", "until", "date", "lasting"})
RULE = frozenset({"freq", "interval"})
FEWEST_LISTED = 3
"""Of so many needs, each behind its day, what is said at the end is of all."""
MONTHS = 12


def share_limits(blocks: list[Block], sense: Sense, found: Found, pieces: Sequence[Piece] | None = None) -> None:
    """From, until, exceptions and a rule at the end, behind a comma, are of all needs.

    `pieces` is the row when something was taken out of that of the sense.
    """
    if len(blocks) < 2:
        return
    said = sense.pieces if pieces is None else pieces
    _share_rule(blocks, said)
    _share_length(blocks, said)
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
    _share_days(blocks, said)
    _share_beginning(blocks, others, tail, sense, found)
    if sense.pieces and sense.pieces[-1].kind == "X" and sense.pieces[-1].boundary:
        own = _sentence_of(blocks, last)
        for block in blocks[:-1]:
            if sense.pieces[-1].boundary == FULL_STOP or block in own:
                block.exceptions += [when for when in last.exceptions if when not in block.exceptions]


def likely_beginning(blocks: Sequence[Block], when: When) -> None:
    """For "In three weeks I have the operation, then drops for four weeks": likely from that day, but it is asked."""
    for block in blocks:
        if "lasting" in block.frame.said and not (LIMITS - {"lasting"}) & block.frame.said.keys():
            block.frame.said["from"] = when["date"][:1]
            block.frame.unsure.add("from")


def likely_span(blocks: Sequence[Block], told: Sequence[When], today: date) -> None:
    """For "The cat every day at nine while I'm away from 2 to 9 May": likely only then, but it is asked.

    Only where no need says from when or until when, and of what comes back.
    """
    spans = [when["period"] for when in told if "from" in when.get("period", ())]
    # "My daughter was here from 1 to 15 November": of what has just been nothing is said for what is to come.
    begins = [(span["from"].get("month", 13), span["from"].get("day", 1)) for span in spans]
    spans = [span for span, begin in zip(spans, begins, strict=True) if not _just_been(begin, today)]
    if len(spans) != 1 or any(LIMITS & block.frame.said.keys() for block in blocks):
        return
    for block in blocks:
        if {"freq", "per", "every", "partly"} & block.frame.said.keys():
            block.frame.said["period"] = spans[0]
            block.frame.unsure.add("until")


def likely_end(blocks: Sequence[Block], ends: Sequence[When]) -> None:
    """For "My cleaner is off till February. Somebody else on Wednesdays meanwhile?": likely until then; it is asked."""
    if len(ends) != 1 or any(LIMITS & block.frame.said.keys() for block in blocks):
        return
    for block in blocks:
        if {"freq", "per", "every", "partly"} & block.frame.said.keys():
            block.frame.said.update(until=ends[0]["until"], inclusive=ends[0]["inclusive"])
            block.frame.unsure.add("until")


def on_feasts(blocks: Sequence[Block], found: Found) -> None:
    """For "Saturday is New Year's Eve, could somebody come at seven? And on Monday …": it is then, in that sentence.

    Without an hour it may as well be on a day before it.
    """
    for feast in [item for item in found.items if item.class_ == "feast"]:
        start, end = sentence_bounds(found, feast.first)
        inside = [block for block in blocks if start <= block.place < end]
        if not inside or any(block.frame.has_day and "days" not in block.frame.unsure for block in inside):
            continue
        for block in inside:
            if CLOCK_KEYS & block.frame.said.keys() and block.place >= feast.last:
                block.frame.said.update(feast.value)
                block.frame.unsure.discard("days")


def _just_been(begin: tuple[int, int], today: date) -> bool:
    """Whether a month and day, said without a year, lie less than half a year back."""
    months = (today.month - begin[0]) % MONTHS
    return begin[0] <= MONTHS and months < MONTHS // 2 and (months > 0 or begin[1] < today.day)


def _share_rule(blocks: list[Block], pieces: Sequence[Piece]) -> None:
    """For "On Monday the laundry and on Tuesday the shopping, every (other) week, at ten": all of it is of both.

    Its hour only when no need says another. At the end of a sentence before the last it is of the needs in that one.
    """
    for sentence, follower in pairwise(sentences(pieces)):
        inside = range(sentence[0].place, follower[0].place)
        _share_rule_of([block for block in blocks if block.place in inside], sentence)
    if blocks and (blocks[-1].boundary < FULL_STOP or "days" in blocks[-1].frame.said):
        # "Shopping on Tuesday. Ironing, fortnightly.": that is of the ironing.
        _share_rule_of(blocks, pieces)


def _share_days(blocks: Sequence[Block], pieces: Sequence[Piece]) -> None:
    """For "Stockings on every morning and off every evening, weekdays only": what a sentence ends with is of all."""
    for sentence in sentences(pieces):
        said = [piece for piece in sentence if piece.kind != "X"]
        last = said[-1] if said else None
        if last is None or last.kind != "T" or not last.boundary or not {"days", "every"} <= last.value.keys():
            continue
        if last.value.get("then"):
            # "Daily until Easter, and after that on Mondays and Wednesdays".
            continue
        own = list(takewhile(lambda piece: piece.kind == "T", reversed(said)))
        if not any(_daily(piece.value) for piece in own):
            continue
        for block in blocks:
            if sentence[0].place <= block.place < last.place and _daily(block.frame.said):
                del block.frame.said["freq"]
                block.frame.said.update(days=list(last.value["days"]), every=True)


def _share_length(blocks: Sequence[Block], pieces: Sequence[Piece]) -> None:
    """For "Tuesdays at two and Saturdays at eleven, an hour each time": so long for each that says no length itself.

    Without a comma it is of the same service only. As a sentence of its own it is of the sentence before.
    """
    begin = 0
    for sentence in sentences(pieces):
        begin = begin if sentence[0].kind == "T" and "each" in sentence[0].value else sentence[0].place
        for place, piece in enumerate(sentence):
            behind = sentence[place + 1 :]
            goes_on = any(
                one.kind == "S" or (one.kind == "T" and is_day(one.value) and (one.joined or not one.boundary))
                for one in behind
            )
            if piece.kind != "T" or not piece.value.get("each") or goes_on:
                continue
            before = [block for block in blocks if begin <= block.place < piece.place]
            for block in before:
                alike = bool(piece.boundary) or block.services == before[-1].services
                if alike and not {"dur", "span"} & block.frame.said.keys():
                    block.frame.said["dur"] = piece.value["dur"]


def _daily(said: When) -> bool:
    """Whether something is said of every day."""
    return is_daily(said) and "days" not in said


def _share_rule_of(blocks: Sequence[Block], pieces: Sequence[Piece]) -> None:
    """Give the rule at the end of the pieces to those needs before the last that name bare weekdays."""
    run = list(takewhile(lambda piece: piece.kind == "T", reversed(pieces)))[::-1]
    start = next((at for at, piece in enumerate(run) if piece.boundary and piece.value.keys() <= RULE), None)
    if start is None and run and run[-1].value == {"freq": "WEEKLY"} and _days_first(blocks):
        # "On Monday the windows and on Tuesday the garden every week": of both, or of the last alone?
        for block in blocks[:-1]:
            comes_back(block, run[-1].value)
            if len(blocks) < FEWEST_LISTED:
                block.frame.unsure.add("days")
        return
    begins = bool(run) and not run[-1].boundary and run[-1].value.keys() <= {"from", "from_period"}
    if start is None and begins and _days_first(blocks):
        # "On Thursday the cleaning and on Friday the shopping from 1 December on".
        for block in blocks[:-1] if not any(LIMITS & block.frame.said.keys() for block in blocks[:-1]) else ():
            block.frame.said.update(run[-1].value)
            if len(blocks) < FEWEST_LISTED:
                block.frame.unsure.add("from")
        return
    if start is None or run[start].value["freq"] != "WEEKLY" or any("days" in one.value for one in run[start:]):
        # "…, and once every two weeks on a Saturday": that is of the Saturday.
        return
    hours = {key: value for piece in run[start:] for key, value in piece.value.items() if key in TIME_KEYS}
    timed = any(block.frame.has_time for block in blocks[:-1])
    for block in blocks[:-1]:
        comes_back(block, run[start].value)
        if hours and not timed and not run[start].whole:
            block.frame.said.update(hours)
    if not blocks:
        return
    last = blocks[-1].frame
    before = next((block.frame.said for block in blocks[-2::-1] if block.frame.has_day), {})
    if DAY_KEYS & last.said.keys() == {"freq"} and "per" not in last.said and last.has_time and "days" in before:
        # "Tuesday and Thursday at nine a wash and at eight the stockings off, every week": on those days, too.
        last.said["days"] = list(before["days"])


def _days_first(blocks: Sequence[Block]) -> bool:
    """Whether each of several needs names bare weekdays first, and then what is wanted on them."""
    bare = all(block.days_first and "days" in block.frame.said and block.services for block in blocks)
    again = {"every", "once", "period"}
    return bare and len(blocks) > 1 and not any(again & block.frame.said.keys() for block in blocks[:-1])


def comes_back(block: Block, rule: Mapping[str, Any]) -> None:
    """Make the bare weekdays of a need those of every week, or of each so many weeks, as was said for several."""
    said = block.frame.said
    if "days" in said and not {"every", "freq", "once", "period"} & said.keys():
        said.update(rule, every=True)


def _share_beginning(blocks: list[Block], beside: Sequence[Block], tail: set[str], sense: Sense, found: Found) -> None:
    """Give the beginning that the first or, behind a comma, the last need says to those that say none.

    That of the first is not of a need with days of its own when it is said behind its service ("the hairdresser every
    four weeks from 3 March, and a lift to church every Sunday") or in another sentence, which does not go on with it.
    """
    first, last = blocks[0].frame.said, blocks[-1].frame.said
    going_on = _going_on(blocks, found) if _begins_first(sense) else []
    for source, others in ((first, blocks[1:]), (last, beside)):
        for key in ("from", "from_period", "period"):
            if key not in source or (source is not first and key not in tail):
                continue
            if key == "period" and (source is not first or "from" not in source["period"]):
                # "From 1 to 14 December every morning at eight …, and every evening at nine".
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
                bounds = LIMITS if key == "period" else {"from", "from_period", "date"}
                if not apart and not bounds & block.frame.said.keys():
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
        if piece.kind == "T" and {"from", "from_period"} & {*piece.value, *piece.value.get("period", ())}:
            return True
    return False


def _sentence_of(blocks: Sequence[Block], wanted: Block) -> list[Block]:
    """The blocks in the sentence of one of them."""
    return next(row for row in sentences(blocks) if any(block is wanted for block in row))


def _phrases_behind(sense: Sense) -> list[Piece]:
    """The schedule phrases at the end that commas or stops set apart, the last first.

    Of a sentence of nothing but such phrases ("Every week from 8 June until Christmas.") they are all of them.
    """
    row: list[Piece] = []
    closing = list(takewhile(lambda piece: piece.kind == "T", reversed(sense.pieces)))
    begins = [at for at, piece in enumerate(closing) if piece.boundary == FULL_STOP]
    whole = closing[: begins[-1] + 1] if begins else []
    for place, piece in reversed(list(enumerate(sense.pieces))):
        if piece.kind == "S" or (piece.kind == "T" and not _behind_comma(sense.pieces, place)):
            break
        if piece.kind == "T":
            row.append(piece)
    return max(row, whole, key=len)


def _behind_comma(pieces: Sequence[Piece], place: int) -> bool:
    """Whether a phrase, or the run of phrases it goes on with, is set apart: ", every week until Easter"."""
    while place and not pieces[place].boundary and pieces[place - 1].kind == "T":
        place -= 1
    return bool(pieces[place].boundary)
