"""One turn on the phone: hear, have it read, speak."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from actions.phone.hearing import Hearing
from actions.phone.speaking import listening, speak
from actions.turn import Turn

Json = dict[str, Any]
CHANNEL = "voice"


def play(turn: Turn, read: Callable[[], Sequence[Json]]) -> tuple[list[Json], Json]:
    """The messages of the turn, and how the door goes on; `read` has the turn's text read and answered."""
    heard = Hearing(turn).listen()
    said = [_as_message(heard.message)] if heard.message else read()
    return [speak(turn, said)], listening(turn)


def _as_message(message: Json) -> Json:
    buttons = [
        {"title": option["text"], "payload": option["key"], "key": option["key"]} for option in message["options"]
    ]
    return {"text": message["text"], "buttons": buttons}
