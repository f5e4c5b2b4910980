"""Services that only tell what something is for: "so I can get to church", "not Tuesdays (day centre)"."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.grammar.attach import Piece
from nlu.grammar.found import Found, Item
from nlu.grammar.frames import CLOCK_KEYS
from nlu.grammar.meaning import clauses, sentence_bounds
from nlu.packs.pack import Pack


def purpose_end(item: Item, pieces: Sequence[Piece], found: Found, pack: Pack) -> int:
    """Where the clause ends that a service begins with "so I can …", where another is asked for; else 0.

    "Somebody to sit up with him, so that I can sleep"; "So I can get to my class, could somebody do the lunch?"
    """
    if found.words[item.first].text not in pack.why_words:
        return 0
    start, end = sentence_bounds(found, item.first)
    own = next((clause for clause in clauses(found) if clause.start <= item.first < clause.end), None)
    named = bool(pieces) and any(piece.kind == "S" and piece.place >= start for piece in pieces)
    behind = [clause for clause in clauses(found) if own is not None and own.end <= clause.start < end]
    asked = not pieces and any(clause.has("request") and clause.has("service") for clause in behind)
    return own.end if own is not None and (named or asked) else 0


def tells_of_days_out(item: Item, pieces: Sequence[Piece], found: Found) -> bool:
    """Whether a service only tells why days are left out, in the brackets that name them ("not Tuesdays, bridge")."""
    before = pieces[-1] if pieces else None
    left_out = before is not None and before.kind == "X" and found.in_brackets(before.place)
    return left_out and found.in_brackets(item.first)


def timed(pieces: Sequence[Piece]) -> bool:
    """Whether an hour was said since the service named last."""
    last = max((at for at, piece in enumerate(pieces) if piece.kind == "S"), default=0)
    return any(piece.kind == "T" and CLOCK_KEYS & piece.value.keys() for piece in pieces[last:])
