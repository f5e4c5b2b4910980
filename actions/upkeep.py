"""What the clock causes: reminders, questions that nobody answered, visits that began without anybody.

Every piece of upkeep looks for what is due in the database and does it once, in a transaction of its own; it can run as
often as one likes, in several processes at once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from actions.post import Post

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_ROUNDS = 1000


@dataclass(frozen=True)
class Upkeep:
    """One round: the transaction, and the moment (aware, Europe/Amsterdam)."""

    session: Session
    now: datetime

    def post(self, cause: str) -> Post:
        """What writes to people, on behalf of the clock."""
        return Post(self.session, self.now, cause)


Piece = Callable[[Upkeep], int]
_pieces: list[Piece] = []


def every_minute(piece: Piece) -> Piece:
    """Mark a function as upkeep: it does a part of what is due and tells how much that was; 0 when nothing is left."""
    _pieces.append(piece)
    return piece


def run(begin: Callable[[], AbstractContextManager[Session]], now: datetime) -> int:
    """Do all that is due by `now`; `begin` opens a transaction. How many things were done."""
    total = 0
    for piece in _pieces:
        for _ in range(MOST_ROUNDS):
            with begin() as session:
                done = piece(Upkeep(session, now))
            total += done
            if not done:
                break
    return total
