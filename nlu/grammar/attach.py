"""Which schedule belongs to which service: the row of phrases is cut into blocks, one need (or pair) a block.

Every way of cutting has a price; the cheapest in which no block contradicts itself wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from nlu.grammar.day_functions import beside as days_beside
from nlu.grammar.frames import CLOCK_KEYS, Frame, is_day

LONGEST_BLOCK = 16

PRICE_BLOCK = 1.5
PRICE_CUT = (4.0, 1.0, 0.0)
"""The price of beginning a new block behind nothing, a comma or "and", a full stop."""
PRICE_EXCEPTION_FIRST = 0.5
"""An exception that begins a block: it is rather of what was said before."""
PRICE_EXCEPTION_APART = 1.0
"""The same, when "and" parts it from what follows: "lunch daily, not on Sundays, and on Wednesdays a walk"."""
AND_CUTS = 0.2
"""How much sooner a new block begins behind "and" than behind a comma."""
PRICE_HELD_TOGETHER = 1.6
"""A full stop within a block."""
PRICE_NO_SERVICE = 3.0
PRICE_NO_SCHEDULE = 3.5
PRICE_SERVICES_APART = 5.0
PRICE_CLASH = 6.0
PRICE_SAME_SERVICE = 0.5
PRICE_THEN_WITHIN = 0.5
"""A length that comes next, said within a block that began before it."""
PRICE_LATE_END = 1.0
"""An end that is said at the beginning of what follows, behind something that may end so."""
PRICE_LATE_LENGTH = 3.0
"""A length that is said there, between commas."""


WISH = "wish"
"""The value of a piece for somebody who is only wished for ("preferably a woman"); beside services it asks nothing."""

TASK = "task"
"""The value of a piece for somebody who is to do what no phrase names, beside another who is named."""

LIMITED = frozenset({"from", "from_period", "until", "lasting", "period"})
_LONGER = {"month": frozenset({"WEEKLY"}), "year": frozenset({"WEEKLY", "MONTHLY"})}
"""What comes back sooner than so many times in a month, or a year."""
_WANTED = frozenset({"freq", "per", "days", "times"})
FULL_STOP = 2
"""How strongly a piece is separated that begins a sentence."""


@dataclass
class Piece:
    """A service (`S`), somebody without a service (`W`), a schedule phrase (`T`) or an exception (`X`).

    `boundary` is how strongly it is separated from the piece before: 0, 1 or 2. `touching` says that nothing stands
    between it and the piece before. `late` services are for the evening unless said otherwise.
    """

    kind: str
    value: Any
    boundary: int = 0
    place: int = 0
    touching: bool = False
    late: bool = False
    joined: bool = False
    """Whether a word such as "and" stands before it."""
    last: int = 0
    """The place behind its last word."""
    whole: bool = False
    """Whether it is said for all needs ("all of it until Easter")."""
    but: list[str] = field(default_factory=list)
    """Of which services it does not hold, though it is said for all."""
    again: bool = False
    """Whether it only says that the service named last is wanted once more ("ditto on Sunday")."""


@dataclass
class Block:
    """A part of the row that belongs together: its services, when, and what is left out."""

    services: list[str] = field(default_factory=list)
    someone: bool = False
    frame: Frame = field(default_factory=Frame)
    exceptions: list[dict[str, Any]] = field(default_factory=list)
    scheduled: bool = False
    boundary: int = 0
    last_exception: int = -1
    own_exception: bool = False
    """Whether days are left out in the sentence that says the rest, so that it is of this block alone."""
    together: bool = False
    place: int = 0
    task: bool = False
    """Whether what is to be done in it was said in words that no phrase took."""
    names_service: bool = False
    """Whether a service was named in it, not taken over from beside it."""
    days_first: bool = False
    """Whether its days were named before its services ("and on Wednesdays a bath")."""
    dated: bool = False
    """Whether it names days itself, none that it took over from beside it."""
    last: int = 0
    doubtful: bool = False
    """Whether two services stand in it with nothing between them that says that both are wanted."""
    again: bool = False
    """Whether it is the need before it once more, at another time."""
    asked_behind: bool = False
    """Whether what is wanted then was only said at the end of its sentence ("…, could somebody take me?")."""
    listed: bool = False
    """Whether its services were named in a list ("this, that and that")."""

    def alone(self, services: Sequence[str]) -> Block:
        """The block as it is now, for these services; this one may go on growing."""
        return replace(self, services=list(services), frame=self.frame.copy(), exceptions=list(self.exceptions))


Part = TypeVar("Part", Piece, Block)


def sentences(row: Sequence[Part]) -> list[list[Part]]:
    """A row of pieces or blocks, cut where a full stop stands."""
    cut_up: list[list[Part]] = []
    for part in row:
        if part.boundary == FULL_STOP or not cut_up:
            cut_up.append([])
        cut_up[-1].append(part)
    return cut_up


@dataclass
class _Growing:
    """A block while pieces are added to it."""

    block: Block = field(default_factory=Block)
    cost: float = 0.0
    service_since_when: bool = False
    when_since_service: bool = False
    weak_boundary: int = 0
    seen: bool = False
    served: bool = False
    """Whether a service is named anywhere in the message."""
    late: bool = False
    """Whether its first service was named in words that put it in the evening."""
    again: bool = False
    """Whether the service was named once more behind its schedule and a cut."""
    dated: bool = False
    """Whether a date was named before it."""

    def add(self, piece: Piece) -> bool:
        """Add a piece; False when it cannot belong to the block."""
        if self.seen and piece.boundary == 2:
            self.cost += PRICE_HELD_TOGETHER
        adder = {"S": self._service, "W": self._someone, "T": self._when, "X": self._except}[piece.kind]
        fits = adder(piece)
        self.seen = True
        return fits

    def _service(self, piece: Piece) -> bool:
        block = self.block
        if piece.late and not block.services:
            block.frame.said["late"] = self.late = True
        elif self.late and not piece.late:
            # "Breakfast at eight and supper at six" is not all late.
            block.frame.said.pop("late", None)
        if (piece.again and block.services) or (block.task and piece.boundary):
            return False
        block.again = block.again or piece.again
        if set(piece.value) <= set(block.services):
            # The same thing in other words, or the same at another time.
            self.cost += PRICE_SAME_SERVICE if self.when_since_service else 0.0
            self.again = self.again or (self.when_since_service and bool(piece.boundary))
            self.service_since_when = self.service_since_when or self.when_since_service
            return True
        if block.services and self.when_since_service:
            self.cost += PRICE_SERVICES_APART
        elif block.someone and self.when_since_service and piece.boundary:
            self.cost += 1.0
        if block.services and not piece.boundary:
            block.doubtful = True
        block.listed = block.listed or (bool(block.services) and piece.joined)
        block.names_service = True
        for key in piece.value:
            if key not in block.services:
                block.services.append(key)
        block.together = len(piece.value) > 1
        self.service_since_when = True
        self.when_since_service = False
        return True

    def _someone(self, piece: Piece) -> bool:
        if piece.value == WISH and self.served:
            return True
        if self.block.task or (piece.value == TASK and (self.block.services or self.block.someone)):
            return False
        self.block.task = piece.value == TASK
        if self.block.services and self.when_since_service:
            self.cost += 1.0
        self.block.someone = True
        return True

    def _when(self, piece: Piece) -> bool:
        block = self.block
        if not piece.joined and "times" in piece.value and piece.value["times"] == block.frame.said.get("times"):
            # "A shower on Mondays at nine, always at nine".
            piece = replace(piece, value={key: value for key, value in piece.value.items() if key != "times"})
        dated = "date" in piece.value and not piece.value.get("then") and block.services
        daily = block.frame.said.get("freq") == "DAILY" or block.frame.said.get("per", {}).get("unit") == "day"
        if piece.joined and daily and ("days" in piece.value or dated):
            # "Daily at eight, and on Sundays a bath"; "the cat every day, and the plants on the 5th".
            return False
        if dated and piece.value.get("but") and (block.frame.said.get("every") or "freq" in block.frame.said):
            # "Every Friday at four, but this week on Saturday".
            return False
        again = piece.value.get("every") or "freq" in piece.value
        if piece.joined and again and block.someone and "date" in block.frame.said and not piece.value.get("then"):
            # "On the 19th somebody for the move, and every Monday a cleaner": the date is no beginning.
            return False
        clocked = "days" in block.frame.said and CLOCK_KEYS & block.frame.said.keys()
        if piece.boundary and again and piece.value.get("freq") == "DAILY" and clocked:
            # "On Friday at ten, and then every evening somebody who …".
            return False
        if piece.joined and piece.value.get("interval", 1) > 1 and block.services and block.frame.said.get("every"):
            # "Every Saturday my hair, and once in six weeks a perm".
            return False
        if piece.value.get("same_day") and block.frame.has_day and piece.joined:
            # "… on Sunday at nine, and on that day my legs as well".
            return False
        timed = bool(block.services) and CLOCK_KEYS & block.frame.said.keys() and not block.frame.has_day
        if piece.joined and self.dated and timed and "date" in piece.value:
            # "A lift on the 7th, I must be fetched at ten, and on the 21st.": the ten is of the 7th as well.
            return False
        seldom = _LONGER.get(piece.value.get("per", {}).get("unit"), frozenset())
        weekly = "WEEKLY" if block.frame.said.get("every") and "days" in block.frame.said else None
        if block.scheduled and self.service_since_when and {block.frame.said.get("freq"), weekly} & seldom:
            # "Mow the lawn every week, trim the hedge twice a year".
            return False
        if piece.value.get("same_period") and LIMITED & block.frame.said.keys():
            # What is the same is that of another need.
            return False
        said = block.frame.said
        if piece.value.get("then") and "until" in said and not (_WANTED | {"date"}) & said.keys():
            # "Leave the garden till March, and then every fortnight": it is then that it begins.
            end, inclusive = said.pop("until"), said.pop("inclusive")
            span = "month" in end and "day" not in end and not inclusive
            said.update({"from_period": end} if span else {"from": [days_beside(end, int(inclusive))]})
        going_on = _WANTED & said.keys() and {"until", "lasting", "period"} & said.keys()
        if piece.value.get("then") and going_on and (_WANTED | {"lasting", "part"}) & piece.value.keys():
            # "Daily for a week, and after that twice a week"; "at eight until the 5th, then at nine".
            return False
        first = said.get("date", ())
        # "Next Wednesday at two, after that every eight weeks": that is on Wednesdays.
        seldom_then = piece.value.get("interval", 1) > 1
        several = len(first) > 1 or (any("week" in one for one in first) and not seldom_then)
        if piece.value.get("then") and (again or "per" in piece.value) and several:
            # "Monday and Friday this week, and after that once a week".
            return False
        if piece.value.get("then") and "lasting" in piece.value and self.seen:
            # "…, from 3 December, at two, and then for four weeks …": the cut is rather where it says so.
            self.cost += PRICE_THEN_WITHIN
        if piece.joined and "from" in piece.value and "until" in block.frame.said and self.block.services:
            # "Every week until Easter, and from Easter on every other week".
            return False
        dates = piece.value.get("date", ())
        later = [one for one in dates if {"weekday_after", "weekday_next"} & one.keys() or one.get("week", 0) > 0]
        if piece.joined and later and "days" in block.frame.said and self.block.services:
            # "On Thursday at four, and again the Thursday after", "…, and next week on Thursday as well".
            return False
        once = {"days"} <= block.frame.said.keys() and not {"every", "freq"} & block.frame.said.keys()
        if piece.joined and piece.value.keys() == {"period"} and self.block.services and once and block.frame.has_time:
            # "Saturday and Sunday from ten to twelve, and next weekend again".
            return False
        direct = self.seen and not piece.boundary and piece.touching
        # "Every Friday once": said in one breath that is not twice.
        beside = block.frame.beside(piece.value) and not (direct and not self.service_since_when)
        if beside or (self.again and not block.frame.same_hours(piece.value)):
            return False
        if daily and block.services and piece.boundary == FULL_STOP and len(piece.value.get("days", ())) == 1:
            # "Lunch every day at one. Sunday at my sister's.": hardly on Sundays only.
            block.frame.unsure.add("days")
        clashed = block.frame.contradiction
        if not block.frame.add(piece.value, close=not self.service_since_when or not block.scheduled, direct=direct):
            return False
        if block.frame.contradiction and not clashed:
            self.cost += PRICE_CLASH
        block.scheduled = True
        if not block.services and is_day(piece.value):
            block.days_first = True
        self.service_since_when = False
        self.when_since_service = True
        return True

    def _except(self, piece: Piece) -> bool:
        self.block.exceptions.append(piece.value)
        self.block.last_exception = piece.place
        self.block.own_exception = self.block.own_exception or piece.boundary < FULL_STOP
        return True


@dataclass
class Cut:
    """The row of pieces as it was cut: its blocks, in order, and how much dearer the second best way was."""

    blocks: list[Block]
    margin: float


def cut(pieces: Sequence[Piece]) -> Cut:
    """The cheapest way of cutting a row of pieces."""
    size = len(pieces)
    any_service = any(piece.kind in "S" for piece in pieces)
    any_when = any(piece.kind == "T" for piece in pieces)
    best: list[tuple[float, int, Block | None]] = [
        (0.0 if not place else float("inf"), 0, None) for place in range(size + 1)
    ]
    prices: list[list[float]] = [[0.0] if not place else [] for place in range(size + 1)]
    for start in range(size):
        if not prices[start]:
            continue
        growing = _Growing(
            served=any_service, dated=any("date" in one.value for one in pieces[:start] if one.kind == "T")
        )
        growing.block.boundary = pieces[start].boundary
        growing.block.place = pieces[start].place
        growing.cost = -AND_CUTS if start and pieces[start].joined else 0.0
        if start and pieces[start].kind == "X":
            growing.cost += PRICE_EXCEPTION_FIRST
        for end in range(start, min(size, start + LONGEST_BLOCK)):
            if not growing.add(pieces[end]):
                break
            if pieces[end].kind != "X" and all(piece.kind == "X" for piece in pieces[start:end]):
                growing.block.place = pieces[end].place
                if start and end > start and pieces[end].joined:
                    growing.cost += PRICE_EXCEPTION_APART
            growing.block.last = max(growing.block.last, pieces[end].last)
            price = growing.cost + _price(growing.block, start, any_service, any_when)
            if start and end > start and ends_before(pieces[start], pieces[start + 1]):
                price += PRICE_LATE_END
            if start and end > start and adds_before(pieces[start], pieces[start + 1]):
                price += PRICE_LATE_LENGTH if "dur" in pieces[start].value else PRICE_LATE_END
            prices[end + 1] = sorted([*prices[end + 1], *(before + price for before in prices[start])])[:2]
            if best[start][0] + price < best[end + 1][0]:
                best[end + 1] = (best[start][0] + price, start, growing.block.alone(growing.block.services))
    blocks: list[Block] = []
    place = size
    while place > 0:
        _, start, block = best[place]
        if block is None:
            # No way to read this piece with what stands before it: it stands alone.
            place -= 1
            continue
        blocks.append(block)
        place = start
    two = prices[size]
    return Cut(blocks[::-1], two[1] - two[0] if len(two) > 1 else float("inf"))


def ends_before(piece: Piece, follower: Piece) -> bool:
    """Whether a phrase only says until when, and a cut follows: "…, for four weeks, and after that …"."""
    return piece.kind == "T" and bool(follower.boundary) and piece.value.keys() <= {"until", "inclusive", "lasting"}


def adds_before(piece: Piece, follower: Piece) -> bool:
    """Whether a phrase between commas only says how long, or when, before days: "…, two hours, every Friday …"."""
    only = piece.value.keys() <= {"dur", "each", *CLOCK_KEYS} if piece.kind == "T" else False
    apart = piece.boundary == 1 and follower.boundary == 1 and not piece.joined
    return only and apart and follower.kind == "T" and is_day(follower.value)


def _price(block: Block, start: int, any_service: bool, any_when: bool) -> float:
    price = PRICE_BLOCK
    if start:
        price += PRICE_CUT[block.boundary]
    if not block.services and not (block.someone and block.scheduled):
        price += PRICE_NO_SERVICE if any_service else 0.5
    elif not block.services:
        price += 0.5
    if not block.scheduled and any_when:
        price += PRICE_NO_SCHEDULE
    return price
