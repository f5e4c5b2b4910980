"""A service that is named once more: with the days that are its own, or with what is left out for it alone.

"A cook and someone for the garden; the cook on Mondays, the garden every other Friday": nothing is wanted twice.
"Help with dressing and a walk every day; the walk not on Sundays": the exception is of the walk alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from nlu.grammar.apart import Apart
from nlu.grammar.attach import WISH, Piece, sentences
from nlu.grammar.frames import TIME_KEYS, is_day, is_time
from nlu.grammar.hearing import FAMILY

HOURS = TIME_KEYS | {"partly", "adverb", "bound", "last_part", "dur", "each"}
LIMITING = frozenset({"from", "from_period", "until", "inclusive", "lasting"})
FEWEST_LISTED = 2
"""So many services make a list."""
END = 1 << 30
"""The place behind the last word."""


@dataclass
class Repeats:
    """The row without what was named twice; `apart` is what was said of one service alone."""

    pieces: list[Piece] = field(default_factory=list)
    apart: list[Apart] = field(default_factory=list)


def fold(pieces: Sequence[Piece], kin: Mapping[str, Collection[str]], wishes: Collection[int] = ()) -> Repeats:
    """The row in which every service stands once.

    `kin` are services that may mean the one they are listed with, `wishes` the places of preferences.
    """
    folded = Repeats(list(pieces))
    _refined(folded)
    _details_apart(folded, kin, wishes)
    _hours_apart(folded)
    _begins_apart(folded)
    _announced(folded, kin)
    return folded


def _refined(folded: Repeats) -> None:
    """For "Her tablets at nine, she only needs reminding": the variant said afterwards is that of the family before."""
    row = folded.pieces
    for place, piece in enumerate(row):
        if piece.kind != "S" or len(piece.value) != 1 or piece.value[0] not in FAMILY or not piece.boundary:
            continue
        family = next((one for one in row[:place] if one.kind == "S" and one.value == [FAMILY[piece.value[0]]]), None)
        follower = row[place + 1] if place + 1 < len(row) else None
        timed = follower is not None and follower.kind == "T" and not follower.boundary
        if family is None or timed or not any(one.kind == "T" for one in row[:place]):
            continue
        family.value = list(piece.value)
        if follower is not None:
            follower.boundary = max(follower.boundary, piece.boundary)
        folded.pieces = [*row[:place], *row[place + 1 :]]
        return


def _details_apart(folded: Repeats, kin: Mapping[str, Collection[str]], wishes: Collection[int]) -> None:
    """Take out a service that is named again only to leave days out for it, to say how long, or who."""
    row = folded.pieces
    for place in range(len(row) - 1, 0, -1):
        if place >= len(row):
            # What stood here was taken out together with the wish before it.
            continue
        piece = row[place]
        # "A woman for the bath, please.": the wish stands before the service.
        begin = place - 1 if row[place - 1].value == WISH and not piece.boundary else place
        end = next((at for at in range(place + 1, len(row)) if not _detail(row[at])), len(row))
        if (
            piece.kind != "S"
            or not row[begin].boundary
            or (end < len(row) and row[end].kind == "T" and not row[end].boundary)
        ):
            continue
        last = row[end].place if end < len(row) else END
        if end == place + 1 and not any(row[begin].place <= wish < last for wish in wishes):
            continue
        first = next((one for one in row[:place] if one.kind == "S" and _same(one.value, piece.value, kin)), None)
        others = [one for one in row[:place] if one.kind == "S" and not _same(one.value, piece.value, kin)]
        if first is None or not others or not any(one.kind == "T" and not _detail(one) for one in row[:place]):
            continue
        own = Apart(list(first.value), first=piece.place if begin == place else row[begin].place - 1, last=last)
        for detail in row[place + 1 : end]:
            if detail.kind == "X":
                own.exceptions.append(detail.value)
            elif detail.kind == "T":
                own.said.update(detail.value)
        folded.apart.append(own)
        if end < len(row):
            row[end].boundary = max(row[end].boundary, row[begin].boundary)
        del row[begin:end]


def _hours_apart(folded: Repeats) -> None:
    """Take out a service that is named again only to say at what hour: "…, the cleaner at nine and the ironing at two".

    Only where days were said before, and no hour with the service.
    """
    row = folded.pieces
    for place in range(len(row) - 1, 0, -1):
        piece = row[place]
        end = next((at for at in range(place + 1, len(row)) if not _only_hour(row[at])), len(row))
        cut = end == len(row) or bool(row[end].boundary)
        if piece.kind != "S" or not piece.boundary or end == place + 1 or not cut:
            continue
        named = [at for at, one in enumerate(row[:place]) if one.kind == "S"]
        mine = [at for at in named if set(row[at].value) >= set(piece.value)]
        if not mine or len(mine) == len(named) or not any(is_day(one.value) for one in row[:place] if one.kind == "T"):
            continue
        around = (
            max((at for at in named if at < mine[0]), default=0),
            min((at for at in named if at > mine[0] and at not in mine), default=place),
        )
        if any(one.kind == "T" and is_time(one.value) for one in row[slice(*around)]):
            continue
        own = Apart(list(row[mine[0]].value), first=piece.place, last=row[end].place if end < len(row) else END)
        for hour in row[place + 1 : end]:
            own.said.update(hour.value)
        folded.apart.append(own)
        if end < len(row):
            row[end].boundary = max(row[end].boundary, piece.boundary)
        del row[place:end]


def _begins_apart(folded: Repeats) -> None:
    """Take out a sentence that only says from when or until when services are wanted that were named before.

    "Begin on 7 May with the shopping."; "The shopping and the cleaning for eight weeks, the exercises until Easter."
    """
    row: list[Piece] = []
    for sentence in sentences(folded.pieces):
        named = [piece for piece in row if piece.kind == "S"]
        apart = _limits_of(sentence)
        known = all(any(key in one.value for one in named) for own in apart for key in own.services)
        others = any(not set(one.value) & set(own.services) for one in named for own in apart)
        if not apart or not known or not others:
            row += sentence
            continue
        folded.apart += apart
    folded.pieces = row


def _limits_of(sentence: Sequence[Piece]) -> list[Apart]:
    """From when or until when each service of a sentence is wanted; [] when it says anything else."""
    if any(piece.kind != "S" and not (piece.kind == "T" and piece.value.keys() <= LIMITING) for piece in sentence):
        return []
    if sum(piece.kind == "T" for piece in sentence) == 1:
        services = [key for piece in sentence if piece.kind == "S" for key in piece.value]
        said = next(piece.value for piece in sentence if piece.kind == "T")
        return [Apart(services, said=dict(said), first=sentence[0].place)] if services else []
    apart: list[Apart] = []
    for piece in sentence:
        if piece.kind == "S" and apart and not apart[-1].said:
            apart[-1].services += piece.value
        elif piece.kind == "S":
            apart.append(Apart(list(piece.value), first=piece.place))
        elif not apart:
            return []
        else:
            apart[-1].said.update(piece.value)
    return apart if apart and apart[-1].said else []


def _only_hour(piece: Piece) -> bool:
    """Whether a piece says at what time of day, and no day."""
    return piece.kind == "T" and is_time(piece.value) and not is_day(piece.value) and piece.value.keys() <= HOURS


def _detail(piece: Piece) -> bool:
    """Whether a piece says no schedule, only what is left out, how long, or who is wished for."""
    return (
        piece.kind == "X"
        or (piece.kind == "W" and piece.value == WISH)
        or (piece.kind == "T" and "dur" in piece.value and piece.value.keys() <= {"dur", "enough", "each"})
    )


def _announced(folded: Repeats, kin: Mapping[str, Collection[str]]) -> None:
    """Drop the services of a list without any days where each is named again with days of its own."""
    said = sentences(folded.pieces)
    for number, sentence in enumerate(said[:-1]):
        if any(piece.kind in "TX" for piece in sentence):
            continue
        later = [piece for other in said[number + 1 :] for piece in other]
        # "The pedicure, please. Every six weeks on Monday. And the hairdresser. …": its days follow it at once.
        wider = {} if said[number + 1][0].kind == "T" else kin
        for piece in [piece for piece in sentence if piece.kind == "S"]:
            again = _named_again(piece, later, wider)
            if again is not None:
                again.value = list(piece.value)
                folded.pieces = [other for other in folded.pieces if other is not piece]
    _list_ahead(folded, kin)


def _list_ahead(folded: Repeats, kin: Mapping[str, Collection[str]]) -> None:
    """Drop the list of a message that begins so: "Walking and reading, the walk on Tuesdays, the reading …"."""
    ahead = list(takewhile(lambda piece: piece.kind in "SW", folded.pieces))
    named = [piece for piece in ahead if piece.kind == "S"]
    size = next((at for at, piece in enumerate(named) if any(piece.value == one.value for one in named[:at])), None)
    listed = named[:size]
    later = [*named[len(listed) :], *folded.pieces[len(ahead) :]]
    again = [_named_again(piece, later, kin) for piece in listed]
    if len(listed) < FEWEST_LISTED or any(other is None for other in again):
        return
    for piece, other in zip(listed, again, strict=True):
        if other is not None:
            other.value = list(piece.value)
    folded.pieces = [piece for piece in folded.pieces if not any(piece is other for other in listed)]


def _named_again(piece: Piece, later: Sequence[Piece], kin: Mapping[str, Collection[str]]) -> Piece | None:
    """Where a service is named again beside days or hours of its own; the same word counts before a wider one."""
    named = [at for at, other in enumerate(later) if other.kind == "S"]
    exact = [at for at in named if set(later[at].value) == set(piece.value)]
    place = next(iter(exact or [at for at in named if _same(piece.value, later[at].value, kin)]), None)
    return later[place] if place is not None and _scheduled(later, place) else None


def _scheduled(row: Sequence[Piece], place: int) -> bool:
    """Whether a schedule phrase stands beside a service, nearer to it than to another one."""
    before = row[place - 1] if place else None
    after = row[place + 1] if place + 1 < len(row) else None
    if after is not None and after.kind == "T":
        return True
    return before is not None and before.kind == "T" and not row[place].boundary


def _same(first: Collection[str], second: Collection[str], kin: Mapping[str, Collection[str]]) -> bool:
    """Whether the second names what the first named, perhaps in a wider word ("the meals" for help with eating)."""
    return all(key in first or any(key in kin.get(other, ()) for other in first) for key in second)
