"""The row of pieces put in order: services that only say where, clock times with their part of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from nlu.grammar.attach import FULL_STOP, Block, Piece
from nlu.grammar.clocks import Clock, choose, choose_each, choose_times
from nlu.grammar.frames import CLOCK_KEYS, When, is_day, is_time
from nlu.packs.pack import Pack

TWO = 2
"""Two days with a time on either side, or two times with a service on either side."""
COMMA = 1
"""So many words, a comma, stand between the hours of a list."""


def absorb(pieces: list[Piece], pack: Pack) -> list[Piece]:
    """Of two services in one breath, drop the one that only says how or where ("a lift to the hairdresser")."""
    segments: list[list[Piece]] = []
    for piece in pieces:
        if piece.boundary or not segments:
            segments.append([])
        segments[-1].append(piece)
    for segment in segments:
        named = {key for piece in segment if piece.kind == "S" for key in piece.value}
        less = {key for strong in named for key in pack.absorbs.get(strong, ()) if key in named}
        for place, piece in enumerate(segment if less else ()):
            if piece.kind == "S" and set(piece.value) <= less and not _own_days(segment, place):
                piece.value = []
    kept = []
    carried = 0
    for piece in pieces:
        if piece.kind == "S" and not piece.value:
            carried = max(carried, piece.boundary)
            continue
        piece.boundary, carried = max(piece.boundary, carried), 0
        kept.append(piece)
    return kept


def _own_days(segment: list[Piece], place: int) -> bool:
    """Whether a service and one before it each have days of their own ("a lift on Monday, shopping on Thursday")."""
    days = [at for at, piece in enumerate(segment) if piece.kind == "T" and is_day(piece.value)]
    services = [at for at, piece in enumerate(segment[:place]) if piece.kind == "S"]
    return bool(services) and any(services[0] < at < place for at in days) and any(at > place for at in days)


def alternative(pieces: Sequence[Piece], when: When) -> bool:
    """Whether a phrase behind "or" is another choice for what was said just before it.

    "Tuesday or Thursday", "at two or three"; "Tuesday at three, or else Thursday at three".
    """
    run = [piece.value for piece in takewhile(lambda piece: piece.kind == "T", reversed(pieces))]
    return any(is_day(said) for said in run) if is_day(when) else bool(run) and is_time(run[0]) and is_time(when)


def appose(pieces: list[Piece]) -> list[Piece]:
    """For "Somebody for my drops, eight o'clock, and to feed the cat": what stands between commas is of the first."""
    for place, piece in enumerate(pieces):
        before = pieces[place - 1] if place else None
        if before is None or before.kind != "S" or piece.kind != "T" or piece.boundary != 1 or piece.joined:
            continue
        run = [piece, *takewhile(lambda one: one.kind == "T" and not one.boundary, pieces[place + 1 :])]
        behind = list(takewhile(lambda one: one.kind in "SW", pieces[place + len(run) :]))
        own = pieces[place + len(run) + len(behind) :][:1]
        goes_on = bool(behind) and behind[0].joined and behind[0].boundary == 1
        timed = any(one.kind == "T" and is_time(one.value) and CLOCK_KEYS & one.value.keys() for one in pieces[:place])
        scheduled = own and own[0].kind == "T" and own[0].boundary < FULL_STOP
        if goes_on and not scheduled and not timed and any(is_time(one.value) for one in run):
            piece.boundary = 0
    return pieces


def bind_times(pieces: list[Piece]) -> list[Piece]:
    """Give each clock time the part of the day that is said beside it, and make one list of times in a row."""
    pieces = one_each(_cross(pieces))
    _bind_in_order(pieces)
    for place, piece in enumerate(pieces):
        if piece.kind != "T" or not CLOCK_KEYS & piece.value.keys() or "part" in piece.value:
            continue
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        before = pieces[place - 1] if place else None
        if after is not None and _binds(after) and not after.boundary and not _next_wants(pieces, place, before):
            _bind(piece, after)
        elif before is not None and _binds(before) and not piece.boundary:
            _bind(piece, before)
            piece.boundary = max(piece.boundary, before.boundary)
            piece.touching, piece.place = before.touching, before.place
    bound = [piece for piece in pieces if not (piece.kind == "T" and not piece.value)]
    return in_turn(_join_times(bound))


def in_turn(pieces: list[Piece]) -> list[Piece]:
    """For "A wash and to bed, at half past eight and half past nine": each of two services has its own hour.

    Only where one of them is for the evening, so that it cannot be meant at both.
    """
    named = [at for at, piece in enumerate(pieces) if piece.kind == "S"]
    timed = [piece for piece in pieces if piece.kind == "T" and CLOCK_KEYS & piece.value.keys()]
    if len(named) != TWO or named[1] != named[0] + 1 or len(timed) != 1 or len(timed[0].value.get("times", ())) != TWO:
        return pieces
    first, second = (pieces[at] for at in named)
    hours = timed[0].value["times"]
    evening = choose(hours[1], "evening")
    if first.late or not (second.late and second.joined) or timed[0].place < second.place or evening is None:
        return pieces
    rest = {key: value for key, value in timed[0].value.items() if key != "times"}
    early = choose(hours[0])
    if early is None or early >= evening:
        return pieces
    own = Piece("T", {**rest, "times": [Clock(early, open=False)]}, place=first.last, last=first.last, touching=True)
    timed[0].value = {**rest, "times": [Clock(evening, open=False)]}
    return [*pieces[: named[1]], own, *pieces[named[1] :]]


def one_each(pieces: list[Piece]) -> list[Piece]:
    """For "On at half past seven and at half past nine in the evening off": the second time is of the second."""
    row: list[Piece] = []
    for place, piece in enumerate(pieces):
        before = pieces[place - 1] if place else None
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        behind = pieces[place + 2] if place + 2 < len(pieces) else None
        times = piece.value.get("times", ()) if piece.kind == "T" else ()
        between = before is not None and after is not None and before.kind == after.kind == "S"
        if (
            len(times) != TWO
            or not between
            or before is None
            or after is None
            or set(before.value) & set(after.value)
            or after.boundary
            or (behind is not None and behind.kind == "T" and not behind.boundary and CLOCK_KEYS & behind.value.keys())
        ):
            row.append(piece)
            continue
        settled = choose_each(times, piece.value.get("part"), None, piece.value.get("last_part"))
        clocks = [Clock(minutes, open=False) for minutes in settled] if len(settled) == TWO else list(times)
        part = piece.value.get("last_part") or piece.value.get("part")
        first = {key: value for key, value in piece.value.items() if key not in ("last_part", "part", "partly")}
        second = {"times": clocks[1:], **({"part": part, "bound": True} if part else {})}
        row.append(replace(piece, value={**first, "times": clocks[:1]}))
        row.append(replace(piece, value=second, boundary=1, joined=True, touching=False))
    return row


def _cross(pieces: list[Piece]) -> list[Piece]:
    """For "At half past seven on Tuesdays and on Fridays at ten": each day goes with the time on its own side."""
    row: list[Piece] = []
    for place, piece in enumerate(pieces):
        beside = pieces[place - 1 : place] + pieces[place + 1 : place + 2]
        crossed = (
            piece.kind == "T"
            and len(piece.value.get("days", ())) == TWO
            and not piece.value.get("range")
            and len(beside) == TWO
            and all(one.kind == "T" and CLOCK_KEYS & one.value.keys() and not is_day(one.value) for one in beside)
            and not (piece.boundary or beside[1].boundary)
        )
        if not crossed:
            row.append(piece)
            continue
        first, second = ({**piece.value, "days": [day]} for day in piece.value["days"])
        row.append(replace(piece, value=first))
        row.append(replace(piece, value=second, boundary=1, joined=True, touching=False))
    return row


def _bind_in_order(pieces: list[Piece]) -> None:
    """For "In the morning and in the evening, at seven and at nine": each time is in the part in its place."""
    parts = [piece for piece in pieces if _binds(piece) or _every_part(piece)]
    timed = [piece for piece in pieces if piece.kind == "T" and CLOCK_KEYS & piece.value.keys()]
    if (
        len(parts) < 2
        or len(timed) != 1
        or "part" in timed[0].value
        or len(timed[0].value.get("times", ())) != len(parts)
    ):
        return
    first = pieces.index(parts[0])
    apart = pieces[first : first + len(parts)] != parts
    settled = [choose(clock, part.value["part"]) for clock, part in zip(timed[0].value["times"], parts, strict=True)]
    if None in settled or pieces.index(timed[0]) < first:
        return
    if apart:
        # "In the morning the stockings and in the evening the drops, at eight and at nine.": each has its own.
        if pieces[-1] is timed[0] and timed[0].boundary and timed[0].value.keys() == {"times"}:
            for part, minutes in zip(parts, settled, strict=True):
                part.value = {**part.value, "times": [Clock(minutes or 0, open=False)], "bound": True}
            timed[0].value = {}
        return
    timed[0].value["times"] = [Clock(minutes, open=False) for minutes in settled if minutes is not None]
    timed[0].value.update(partly=True, bound=True)
    if all(map(_every_part, parts)):
        timed[0].value["freq"] = "DAILY"
    for part in parts:
        part.value = {}


def _binds(piece: Piece) -> bool:
    """Whether a piece is nothing but a part of the day."""
    return piece.kind == "T" and "part" in piece.value and piece.value.keys() <= {"part", "partly", "adverb"}


def _every_part(piece: Piece) -> bool:
    """Whether a piece is nothing but a part of every day ("every evening")."""
    return piece.kind == "T" and piece.value.keys() == {"freq", "part"} and piece.value["freq"] == "DAILY"


def _next_wants(pieces: list[Piece], place: int, before: Piece | None) -> bool:
    """In "mornings at eight, evenings at nine" each time takes the part of the day before it."""
    if before is None or not _binds(before) or pieces[place].boundary:
        return False
    follower = pieces[place + 2] if place + 2 < len(pieces) else None
    return follower is not None and follower.kind == "T" and bool(CLOCK_KEYS & follower.value.keys())


def _bind(times: Piece, part: Piece) -> None:
    """Move the part of the day of one piece to another, and settle the clock times by it."""
    said = part.value
    if "times" in times.value:
        settled = choose_times(times.value["times"], said["part"], None, None)
        if settled:
            times.value["times"] = [Clock(minutes, open=False) for minutes in settled]
    times.value.update(said, bound=True)
    part.value = {}


def _join_times(pieces: list[Piece]) -> list[Piece]:
    """For "Eight in the morning and eight in the evening" is one list of times."""
    row: list[Piece] = []
    for place, piece in enumerate(pieces):
        before = row[-1] if row else None
        both = before is not None and _only_times(before) and _only_times(piece)
        # "… on Tuesday at ten. Could somebody come at nine?": that is no list.
        both = both and (piece.boundary < FULL_STOP or piece.joined)
        if (
            before is not None
            and both
            and not (_has_part(row) or _own_service(pieces, place) or _own_day(pieces, place))
        ):
            beside = piece.boundary == 1 and piece.place - before.last <= COMMA
            if piece.value == before.value and not (piece.joined or piece.touching or beside):
                # "Half nine, yes, half nine"; "on Mondays at nine. Nine o'clock, mind."
                continue
            parts = {before.value.get("part"), piece.value.get("part")}
            times = [*before.value["times"], *piece.value["times"]]
            before.value = {**before.value, **piece.value, "times": times}
            if len(parts) > 1:
                del before.value["part"]
            continue
        row.append(piece)
    return row


def _own_service(pieces: list[Piece], place: int) -> bool:
    """Whether a time has a service of its own behind it ("on at eight, and at nine in the evening off")."""
    follower = next((piece for piece in pieces[place + 1 :] if piece.kind != "W" or piece.boundary), None)
    named = any(piece.kind == "S" for piece in pieces[:place])
    return named and follower is not None and follower.kind == "S" and not follower.boundary


def _own_day(pieces: list[Piece], place: int) -> bool:
    """Whether a time has a day of its own behind it, as the one before has one before it.

    "Mondays at a quarter past eight, and at a quarter to eight on Thursdays".
    """
    after = pieces[place + 1] if place + 1 < len(pieces) else None
    if after is None or after.kind != "T" or not is_day(after.value) or after.boundary or not pieces[place].boundary:
        return False
    earlier = pieces[place - 2] if place > 1 else None
    return earlier is not None and earlier.kind == "T" and is_day(earlier.value) and not pieces[place - 1].boundary


def _has_part(row: list[Piece]) -> bool:
    """Whether the last piece has its part of the day before its service ("in the morning a wash at eight")."""
    return len(row) > 2 and row[-2].kind == "S" and _binds(row[-3]) and not row[-2].boundary and not row[-1].boundary


def _only_times(piece: Piece) -> bool:
    allowed = {"times", "part", "partly", "adverb", "bound"}
    return piece.kind == "T" and "times" in piece.value and piece.value.keys() <= allowed


def join_hours(blocks: list[Block]) -> list[Block]:
    """For "Tablets every morning at eight and every evening at eight": one need with two clock times."""
    row: list[Block] = []
    for block in blocks:
        before = row[-1] if row else None
        if before is None or not _one_of_two_named(before, block) or not _same_days(before, block):
            row.append(block)
            continue
        before.services, before.someone = before.services or block.services, before.someone or block.someone
        times = [clock for one in (before, block) for clock in _settled(one)]
        before.frame.said["times"] = sorted(set(times), key=lambda clock: clock.minutes)
        before.frame.said["bound"] = True
        del before.frame.said["part"]
        before.last = block.last
        before.exceptions += block.exceptions
    return row


def _one_of_two_named(before: Block, block: Block) -> bool:
    """Whether only one of two blocks in a row names what it is about."""
    unnamed = [not (one.services or one.someone or one.own_exception) for one in (before, block)]
    return unnamed.count(True) == 1 and block.boundary < 2


def _same_days(before: Block, block: Block) -> bool:
    """Whether two blocks have clock times in two parts of the day, and are alike in all else."""
    apart = {"part", "times", "bound"}
    one, other = before.frame.said, block.frame.said
    if not all({"part", "times"} <= said.keys() for said in (one, other)) or one["part"] == other["part"]:
        return False
    rest = {key: value for key, value in one.items() if key not in apart}
    return rest == {key: value for key, value in other.items() if key not in apart} and bool(
        _settled(before) and _settled(block)
    )


def _settled(block: Block) -> list[Clock]:
    """The clock times of a block, settled by its part of the day; [] when they cannot be in it."""
    said = block.frame.said
    return [Clock(minutes, open=False) for minutes in choose_times(said["times"], said["part"], None, None)]
