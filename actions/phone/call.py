"""A phone call that is going on, as a turn sees it. What is talked about on a direct line (`converse`) has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LISTEN, HANG_UP, CONNECT = "listen", "hang_up", "connect"


@dataclass
class LiveCall:
    """A call. `number` is the other side's in E.164, None when it is withheld; it proves nothing.

    `confidence` is how sure the speech recognition is (None: it does not tell). `dialled` is what became of connecting
    the caller to somebody, when that was just tried. `about` is the key of the message for which we called, `operator`
    the number of whoever takes over here (E.164). `then` is what the door does after the answer, with `connect_to`.
    """

    id: str
    number: str | None = None
    confidence: float | None = None
    dialled: str | None = None
    about: str | None = None
    operator: str | None = None
    then: str = LISTEN
    connect_to: str | None = None

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> LiveCall | None:
        """The call that a message's payload tells of, if it does."""
        fields = payload.get("call")
        return cls(**fields) if fields else None

    def to_json(self) -> dict[str, Any]:
        """The call for the payload of a message: what came in, without what follows."""
        names = ("id", "number", "confidence", "dialled", "about", "operator")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def hang_up(self) -> None:
        """End the call after what is said now."""
        self.then = HANG_UP

    def connect(self, number: str) -> None:
        """Connect the caller to `number` (E.164) after what is said now."""
        self.then, self.connect_to = CONNECT, number
