"""What is said once for several needs: "From 9 to 23 October we need: …", "… All of it for four weeks.".

Its beginning, end, times or days are given to every need that has none of its own, but not to one that is set apart
("apart from that", "this one carries on").
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any

from nlu.grammar.attach import FULL_STOP, Block, Piece, ends_before, sentences
from nlu.grammar.clocks import choose
from nlu.grammar.found import Found
from nlu.grammar.frames import CLOCK_KEYS, DAY_KEYS, TIME_KEYS, When, is_daily, is_day, is_time
from nlu.grammar.limits import RULE, comes_back
from nlu.grammar.meaning import clauses, sentence_bounds

LIMIT_KEYS = frozenset({"from", "from_period", "until", "inclusive", "lasting", "period"})
BEGINS = frozenset({"from", "from_period", "period", "date"})
ENDS = frozenset({"until", "lasting", "period", "date", "count", "once"})
_BESIDE_LIMITS = frozenset({"unsure", "vague"})
_DAYS = DAY_KEYS | {"every", "partly", "interval", "adverb", "range"}
_TIMES = TIME_KEYS | {"bound", "last_part"}

NEAR_HOLIDAY = 20
"""So many days before a holiday something can be for it."""


@dataclass
class Whole:
    """What holds for every need that is named from the word `first` until before the word `last`."""

    said: When
    first: int
    last: int
    taken: bool = False
    """Whether its phrase was taken from the row, so that it must be given to at least one need."""
    but: tuple[str, ...] = ()
    """The services that it does not hold for."""


def part_off(pieces: Sequence[Piece], found: Found) -> tuple[list[Piece], list[Whole]]:
    """The row without what was said for several needs, and that apart; of one need all stays in the row."""
    labels = [place for place in range(len(pieces)) if _only_label(pieces, place) or _only_occasion(pieces, place)]
    for place in labels:
        _date_near(pieces[place], pieces[place + 1 :])
    pieces = [piece for place, piece in enumerate(pieces) if place not in labels]
    pieces = _without_unknown(pieces)
    said = sentences(pieces)
    several = sum(piece.kind == "S" for piece in pieces) > 1 or _parted_hours(said)
    if not several and not any(piece.whole for piece in pieces):
        return pieces, []
    wholes: list[Whole] = []
    kept: list[Piece] = []
    named = False
    if _closes(said):
        wholes.append(Whole(_joined(said.pop()), 0, len(found.words), taken=True))
        pieces = [piece for sentence in said for piece in sentence]
    for sentence in said:
        if _heads_list(sentence, found):
            wholes.append(Whole(_joined(sentence), sentence[0].place, len(found.words), taken=True))
            continue
        head = list(takewhile(_may_lead, sentence))
        taken: set[int] = set()
        if not head:
            wholes += _hours_ahead(sentence, found)
        else:
            whole = _of_head(head, sentence, named, found)
            if whole is not None:
                wholes.append(whole)
                taken = {id(piece) for piece in head if whole.taken}
        for run in _runs(sentence, taken):
            but = tuple(key for piece in run for key in piece.but)
            wholes.append(Whole(_joined(run), 0, len(found.words), taken=True, but=but))
            taken |= {id(piece) for piece in run}
        kept += [piece for piece in sentence if id(piece) not in taken]
        named = named or any(piece.kind == "S" for piece in sentence)
    wholes += _of_tail(kept, found)
    wholes += _before_next(kept, found)
    _keep_boundaries(pieces, kept)
    return kept, wholes


def _without_unknown(pieces: Sequence[Piece]) -> list[Piece]:
    """For "During the holidays, from the 15th to the 29th": what the dates say need not be known otherwise."""
    row = list(pieces)
    for place, piece in enumerate(pieces[:-1]):
        later = pieces[place + 1 :]
        dated = any(other.kind == "T" and "from" in other.value.get("period", other.value) for other in later)
        if piece.kind == "T" and piece.value == {"period": {"unknown": True}} and dated:
            row = [other for other in row if other is not piece]
            later[0].boundary = max(piece.boundary, later[0].boundary)
    return row


def _only_label(pieces: Sequence[Piece], place: int) -> bool:
    """For "I'd like to look nice for Christmas, so the hairdresser on the 23rd": the holiday is only what it is for."""
    piece, rest = pieces[place], pieces[place + 1 :]
    if piece.kind != "T" or not piece.value.get("label") or not rest or not rest[0].boundary:
        return False
    services = [later for later in rest if later.kind == "S"]
    end = next(
        (at for at, later in enumerate(rest) if later.kind == "S" and later.value != services[0].value), len(rest)
    )
    return any(later.kind == "T" and is_day(later.value) for later in rest[:end])


def _only_occasion(pieces: Sequence[Piece], place: int) -> bool:
    """For "I want to look nice at Christmas: the hairdresser on the 24th": the day that is meant is said besides.

    Not so where another service follows that day, or "and" leads to it: "a meal at Christmas, and on the 27th …".
    """
    piece, rest = pieces[place], pieces[place + 1 :]
    if piece.kind != "T" or not {"label", "occasion"} & piece.value.keys() or piece.joined:
        return False
    alone = (place == 0 or piece.boundary == FULL_STOP) and bool(rest) and rest[0].boundary == FULL_STOP
    named: Any = None
    for at, later in enumerate(rest):
        if later.boundary == FULL_STOP and not (at == 0 and alone):
            break
        if later.kind == "S" and later.value != (named or later.value):
            break
        named = later.value if later.kind == "S" else named
        if later.kind == "T" and "date" in later.value and not later.value.keys() & {"label", "occasion"}:
            behind = next(
                (one for one in takewhile(lambda one: not one.boundary, rest[at + 1 :]) if one.kind == "S"), None
            )
            return not later.joined and (named is None or behind is None or behind.value == named)
    return _told_behind(pieces, place)


def _told_behind(pieces: Sequence[Piece], place: int) -> bool:
    """For "The hairdresser on the 23rd at ten, I want to look nice at Christmas": why, behind a complete need."""
    piece = pieces[place]
    before = next(sentence for sentence in sentences(pieces) if any(one is piece for one in sentence))
    before = list(takewhile(lambda one: one is not piece, before))
    last = place + 1 == len(pieces) or pieces[place + 1].boundary == FULL_STOP
    named = any(one.kind == "S" for one in before) and any(one.kind == "T" and "date" in one.value for one in before)
    return bool(piece.boundary) and last and named and any(one.kind == "T" and is_time(one.value) for one in before)


def _date_near(label: Piece, pieces: Sequence[Piece]) -> None:
    """A day of the month said beside a holiday is the one near it ("for Christmas …, on the 23rd")."""
    near = {"beside": label.value["date"][0], "days": -NEAR_HOLIDAY}
    for piece in pieces:
        if piece.kind == "T" and "date" in piece.value:
            piece.value["date"] = [later_than(spoken, near) for spoken in piece.value["date"]]


def _of_tail(pieces: Sequence[Piece], found: Found) -> list[Whole]:
    """A period at the very end, behind a comma ("…, every day, from tomorrow until New Year")."""
    last, size = pieces[-1] if pieces else None, len(found.words)
    if last is None or last.kind != "T" or not last.boundary or "from" not in last.value.get("period", ()):
        return []
    if not last.value.keys() <= LIMIT_KEYS:
        return []
    # In a sentence with needs of its own it is of those.
    return [Whole(last.value, 0 if last.boundary == FULL_STOP else sentence_bounds(found, last.place)[0], size)]


def _before_next(pieces: Sequence[Piece], found: Found) -> list[Whole]:
    """For "This and that, for four weeks, and after that …": the end is of all that was named before it."""
    return [
        Whole(piece.value, sentence_bounds(found, piece.place)[0], piece.place)
        for piece, follower in pairwise(pieces)
        if piece.boundary == 1 and ends_before(piece, follower)
        and follower.kind == "T" and follower.value.get("then")
    ]  # fmt: skip


def _closes(said: Sequence[Sequence[Piece]]) -> bool:
    """Whether the last sentence says nothing but the days, which no other names: "Drops at 8. Lunch at 12. Daily."."""
    *before, last = said
    days = [is_day(piece.value) for sentence in before for piece in sentence if piece.kind == "T"]
    return bool(days) and not any(days) and all(piece.kind == "T" and is_day(piece.value) for piece in last)


def _parted_hours(said: Sequence[Sequence[Piece]]) -> bool:
    """For "To the bus at seven and met again at four. Monday to Thursday.": days at the end are of both hours."""
    timed = [piece for one in said[:-1] for piece in one if piece.kind == "T" and CLOCK_KEYS & piece.value.keys()]
    return any(piece.boundary for piece in timed[1:]) and _closes(said)


def _heads_list(sentence: Sequence[Piece], found: Found) -> bool:
    """Whether a line only says when, and a colon ends it: "For my dad, mornings only:", with a list under it."""
    if not all(piece.kind == "T" for piece in sentence):
        return False
    _, end = sentence_bounds(found, sentence[0].place)
    return end < len(found.words) and found.words[end].text == "\n" and found.words[end - 1].text == ":"


def _may_lead(piece: Piece) -> bool:
    """Whether a phrase can be the head of a list of needs: it says from when until when, or only a date."""
    if piece.kind != "T" or piece.whole:
        return False
    keys = piece.value.keys() - _BESIDE_LIMITS
    return bool(keys) and (keys <= LIMIT_KEYS or keys <= {"date", "label", "occasion"})


def _of_head(head: list[Piece], sentence: Sequence[Piece], named: bool, found: Found) -> Whole | None:
    """What the phrases at the head of a sentence say for the needs behind them; cuts `head` to those that do."""
    follower = sentence[len(head)] if len(head) < len(sentence) else None
    size = len(found.words)
    start = head[0].place
    colon = follower is not None and any(
        word.text == ":" for word in found.words[head[-1].last : follower.place]
    )  # fmt: skip
    limits = [piece for piece in head if "date" not in piece.value]
    if colon:
        # "For the new year, from 4 January: …": the holiday is only what it is about.
        for piece in head:
            if "date" in piece.value:
                _date_near(piece, sentence[len(head) :])
        return Whole(_joined(limits or head), start, size, taken=True)
    dated = next((place for place, piece in enumerate(head) if "date" in piece.value), len(head))
    if dated < len(head) or not limits:
        return None
    if follower is None and named:
        return None
    if follower is None:
        # A sentence of its own: "From 1 July until 31 July we need help."
        return Whole(_told(_joined(limits), _announces(head[0], found)), start, size, taken=True)
    return Whole(_joined(limits), start, sentence_bounds(found, start)[1])


def _told(said: When, announced: bool) -> When:
    """Limits of a sentence of its own; of one that only tells ("our carer is away until the 20th") they are asked."""
    if announced:
        return said
    if "until" in said or "lasting" in said or "from" in said.get("period", ()):
        return {**said, "unsure": "until"}
    if "from" in said or "from_period" in said:
        return {**said, "unsure": "from"}
    # "In March I get a new hip."
    return {"unsure": "from"}


def _announces(piece: Piece, found: Found) -> bool:
    """Whether the clause of a phrase asks, or says nothing else: it is no story ("I'll be 90 in July")."""
    for clause in clauses(found):
        if clause.start <= piece.place < clause.end:
            covered = {at for item in clause.items for at in range(item.first, item.last)}
            rest = [
                at for at in range(clause.start, clause.end) if at not in covered and found.words[at].text.isalpha()
            ]
            return clause.has("request", "someone", "absent", "away", "gone") or not rest
    return False


def _hours_ahead(sentence: Sequence[Piece], found: Found) -> list[Whole]:
    """For "Always at four: on Mondays a walk, on Fridays the shopping": an hour before a colon."""
    first, follower = sentence[0], sentence[1] if len(sentence) > 1 else None
    if follower is None or first.kind != "T" or not first.value.keys() <= _TIMES | {"partly", "adverb"}:
        return []
    if not any(word.text == ":" for word in found.words[first.last : follower.place]):
        return []
    return [Whole(first.value, *sentence_bounds(found, first.place))]


def _runs(sentence: Sequence[Piece], taken: Collection[int]) -> list[list[Piece]]:
    """The phrases of a sentence that are said for all needs, those together that stand in a row."""
    row: list[list[Piece]] = []
    last = -2
    for place, piece in enumerate(sentence):
        if not piece.whole or id(piece) in taken or _goes_on(sentence, place):
            continue
        if place == last + 1:
            row[-1].append(piece)
        else:
            row.append([piece])
        last = place
    return row


def _joined(pieces: Sequence[Piece]) -> When:
    said: When = {}
    for piece in pieces:
        for key, value in piece.value.items():
            said.setdefault(key, value)
    return said


def _goes_on(sentence: Sequence[Piece], place: int) -> bool:
    """Whether a service follows in the same breath ("always at three the shopping"): then it is of that one only."""
    for piece in sentence[place + 1 :]:
        if piece.boundary:
            return False
        if piece.kind == "S":
            return True
    return False


def _keep_boundaries(pieces: Sequence[Piece], kept: Sequence[Piece]) -> None:
    """Leave a piece as strongly separated from the one before it as it was before what stood between was taken out."""
    staying = {id(piece) for piece in kept}
    carried = 0
    for piece in pieces:
        if id(piece) not in staying:
            carried = max(carried, piece.boundary)
            continue
        piece.boundary, carried = max(piece.boundary, carried), 0


def share(wholes: Sequence[Whole], blocks: Sequence[Block], found: Found) -> None:
    """Give every need what was said for several and what it does not say itself."""
    apart = [_set_apart(place, blocks, found) for place in range(len(blocks))]
    for whole in wholes:
        used = False
        for block, (without_limits, without_end) in zip(blocks, apart, strict=True):
            if not whole.first <= block.place < whole.last or set(whole.but) & set(block.services):
                continue
            given = _for_block(whole.said, block, without_limits, without_end)
            block.frame.said.update(given)
            if "from" in given:
                block.frame.said["shared"] = True
            used = used or bool(given) or any(block.frame.said.get(key) == value for key, value in whole.said.items())
            block.scheduled = block.scheduled or bool(given)
            if given or whole.said.keys() <= _BESIDE_LIMITS:
                block.frame.unsure |= {whole.said[key] for key in _BESIDE_LIMITS & whole.said.keys()}
        if whole.taken and not used and blocks and whole.said.keys() - _BESIDE_LIMITS - {"date"}:
            # Every need says it otherwise: what was meant must be asked.
            blocks[-1].frame.unsure.add("time" if TIME_KEYS & whole.said.keys() else "from")


def _set_apart(place: int, blocks: Sequence[Block], found: Found) -> tuple[bool, bool]:
    """Whether a need is set apart from what was said for all ("apart from that"), and whether it has no end."""
    start, _ = sentence_bounds(found, blocks[place].place)
    before = max(start, blocks[place - 1].last if place else 0)
    size = len(found.words)
    after = blocks[place + 1].place if place + 1 < len(blocks) else size
    apart = any(item.class_ == "apart" and before <= item.first < blocks[place].last for item in found.items)
    endless = any(item.class_ == "endless" and blocks[place].place <= item.first < after for item in found.items)
    return apart, endless


def _for_block(said: When, block: Block, without_limits: bool, without_end: bool) -> dict[str, Any]:
    """What of something said for all a need takes over."""
    own = block.frame.said
    given: dict[str, Any] = {}
    if not block.frame.has_day and not own.get("once"):
        given.update({key: value for key, value in said.items() if key in _DAYS})
    daily = is_daily(own)
    if daily and "days" in said and said.get("every"):
        # "Lunch every day at noon, …, and all of that Monday to Saturday".
        del own["freq"]
        given.update(days=list(said["days"]), every=True)
    if said.get("freq") in ("WEEKLY", "MONTHLY") and "days" not in said:
        comes_back(block, {key: said[key] for key in RULE & said.keys()})
    if not block.frame.has_time or _agrees(own, said):
        given.update({key: value for key, value in said.items() if key in _TIMES})
    if "per" in said and not (block.frame.has_day or {"per", "once"} & own.keys()):
        given["per"] = said["per"]
    if "dur" in said and "dur" not in own:
        given["dur"] = said["dur"]
    limits = _as_limits(said)
    begin = limits["from"][0] if "from" in limits else {"day": 1, **limits.get("period", {})}
    if "date" in own and ("from" in limits or "month" in begin):
        # "From 23 August on: … and on the 31st …": of that month.
        own["date"] = [later_than(spoken, begin) for spoken in own["date"]]
    if without_limits or own.get("once"):
        return given
    begins, ends = bool(BEGINS & own.keys()), bool(ENDS & own.keys())
    open_keys = set() if begins else {"from", "from_period"}
    # "Until Easter on Mondays, and after Easter on Tuesdays": what begins when the others end does not end then.
    after = "until" in limits and limits["until"] in [one.get("beside", one) for one in own.get("from", ())]
    if not ends and not without_end and not after:
        open_keys |= {"until", "inclusive", "lasting", "count"} | (set() if begins else {"period"})
    given.update({key: value for key, value in limits.items() if key in open_keys})
    if begins and "until" in given:
        given["lent_end"] = True
    return given


def _agrees(own: When, said: When) -> bool:
    """Whether clock times can be those of a need that names only its part of the day."""
    part = own.get("part")
    return (
        "part" not in said
        and not CLOCK_KEYS & own.keys()
        and all(choose(clock, part) is not None for clock in said.get("times", ()))
    )


def _as_limits(said: When) -> When:
    """A period that was said from day to day as its beginning and its end, which a need may have apart."""
    period = said.get("period", {})
    if "from" not in period:
        return said
    rest = {key: value for key, value in said.items() if key != "period"}
    first = dict(period["from"])
    if "day" in first and "month" not in first and "month" in period["until"]:
        first["month"] = period["until"]["month"]
    return {**rest, "from": [first], "until": period["until"], "inclusive": period["inclusive"]}


def later_than(spoken: When, start: When) -> When:
    """A day of the month without its month, as the first such day from `start` on."""
    return {**spoken, "after": start} if "day" in spoken and "month" not in spoken else spoken
