"""What every door speaks: one shape for a message in, one for a message out, and what a channel is capable of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

KINDS = ("text", "digits", "silence", "media", "location")


@dataclass(frozen=True)
class Incoming:
    """A message from outside, as a door read it.

    `outside_id` is the channel's own id: the same one twice is one message. `address` is where to answer (a phone
    number in E.164, a chat id, a web visitor's id). `kind` is one of KINDS; `text` is empty for silence. `payload`
    keeps what else the channel told.
    """

    channel: str
    outside_id: str
    address: str
    text: str
    kind: str = "text"
    language: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError for a kind that does not exist."""
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not a kind of message: {', '.join(KINDS)}")


@dataclass(frozen=True)
class Outgoing:
    """A message to send. `key` is the same at every attempt, for channels that can recognise a repeat."""

    channel: str
    address: str
    text: str
    options: tuple[Mapping[str, str], ...] = ()
    key: str = ""
    language: str = "nl"


@dataclass(frozen=True)
class ChannelCapabilities:
    """What a channel can show. `longest_text` is in characters; longer messages are split.

    `window_hours` is how long after the person's last message free text may be sent (None: always).
    """

    longest_text: int
    buttons: int = 0
    spoken: bool = False
    window_hours: int | None = None
    pulled: bool = False
    """The person's side fetches its messages (the web page, a terminal): nothing is sent by the courier."""


class SendFailed(Exception):
    """A message could not be sent; `final` when trying again is useless (a number that does not exist)."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        """Give the reason without personal data: it is logged."""
        super().__init__(reason)
        self.final = final


class Sender(Protocol):
    """The sending half of a door. It must give up within its own time-out (at most 10 seconds)."""

    capabilities: ChannelCapabilities

    def send(self, message: Outgoing) -> str | None:
        """Send it; the channel's id of the message, if it gives one. Raises SendFailed."""
        ...
