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
    """A message to send, or one part of it, as the door shows it.

    `key` is the same at every attempt, for channels that can recognise a repeat. `id` and `part` say which message of
    ours it is. `free` is False when the person was not heard within the door's window; `template` then names the text
    of the domain it was made from, with its `language` and `values`. `unsure` is set when an earlier attempt may
    have got through unnoticed, from this moment on: a door that can look should look before it sends again.
    """

    channel: str
    address: str
    text: str
    options: tuple[Mapping[str, str], ...] = ()
    key: str = ""
    language: str = "nl"
    id: int = 0
    part: int = 0
    free: bool = True
    template: Mapping[str, Any] | None = None
    unsure: bool = False
    known_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ChannelCapabilities:
    """What a channel can show. `longest_text` is in characters; longer messages are split.

    `buttons` is how many choices it shows as buttons, each at most `longest_button` characters long. `window_hours` is
    how long after the person's last message free text may be sent (None: always). `plain` asks for GSM-7 characters.
    `confirms` says that it tells of delivery: what follows for the same person waits for that a moment, since the
    channel itself keeps no order. `looks_up` says that it looks for a message that may have got through, before it is
    sent again.
    """

    longest_text: int
    buttons: int = 0
    spoken: bool = False
    window_hours: int | None = None
    plain: bool = False
    confirms: bool = False
    looks_up: bool = False
    longest_button: int = 60
    pulled: bool = False
    """The person's side fetches its messages (the web page, a terminal): nothing is sent by the courier."""


class SendFailed(Exception):
    """A message could not be sent; `final` when trying again is useless (a number that does not exist).

    `refused` says that the person wants nothing from us there: they `asked` for no more messages, or `blocked` us.
    `wait_seconds` is how long the channel asks us to wait before the next attempt.
    """

    def __init__(
        self, reason: str, *, final: bool = False, refused: str | None = None, wait_seconds: float | None = None
    ) -> None:
        """Give the reason without personal data: it is logged."""
        super().__init__(reason)
        self.final = final or refused is not None
        self.refused = refused
        self.wait_seconds = wait_seconds


class Sender(Protocol):
    """The sending half of a door. It must give up within its own time-out (at most 10 seconds)."""

    capabilities: ChannelCapabilities

    def send(self, message: Outgoing) -> str | None:
        """Send it; the channel's id of the message, if it gives one. Raises SendFailed."""
        ...
