"""One turn: what an action needs to know and may touch while one message is being handled.

The brain opens a turn (one database transaction), Rasa chooses the actions, and the actions find the turn here. Nothing
of a turn is kept after it: what must be remembered is written to the conversation's state, the draft or the visit book.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from actions.phone.call import LiveCall
    from care.clock import Clock
    from care.models import Contact, Conversation, Draft


class Unknown(Enum):
    """What nobody has looked for yet, where None says that there is none."""

    YET = "yet"


@dataclass
class Turn:
    """The surroundings of one message.

    `incoming_id` is the inbox row's id: every care command of the turn derives its idempotency key from it. `channel`
    and `kind` are the message's; `call` is the phone call that it is part of, if it came in by one. `draft` is the open
    draft of the conversation, once somebody has looked for it (`actions.drafts`).
    """

    session: Session
    clock: Clock
    contact: Contact
    conversation: Conversation
    incoming_id: int
    text: str
    channel: str = ""
    kind: str = "text"
    call: LiveCall | None = None
    draft: Draft | Unknown | None = Unknown.YET


_current: ContextVar[Turn] = ContextVar("turn")


def current() -> Turn:
    """The turn being handled; raises LookupError outside one."""
    return _current.get()


@contextmanager
def opened(turn: Turn) -> Iterator[Turn]:
    """Make `turn` the current one for the time of the block."""
    token = _current.set(turn)
    try:
        yield turn
    finally:
        _current.reset(token)
