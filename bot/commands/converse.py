"""`thuisbel converse`: a conversation over standard input and output."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any

from bot import lines
from bot.commands import options as shared
from bot.errors import UserError
from bot.settings import Settings
from care.clock import Clock

HELP = "hold a conversation: a message a line in, a turn a line out"
_NOW = re.compile(r"@now(?:\s+(.*))?")
_DIGITS = re.compile(r"[0-9*#]+")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    shared.add_now(parser)
    parser.add_argument("--as", dest="phone", required=True, type=shared.phone, metavar="PHONE", help="who is talking")
    parser.add_argument("--channel", choices=shared.CHANNELS, default="sms", help="default: sms")
    parser.add_argument("--lang", choices=shared.LANGUAGES, help="their language (default: as known, or as they write)")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """One line a turn, each flushed as soon as the turn is done."""
    from bot.house import opened_house

    clock = shared.clock(options)
    with (
        opened_house(settings, clock) as house,
        house.line(phone=options.phone, channel=options.channel, language=options.lang) as line,
    ):
        turn = 0
        for number, raw in enumerate(lines.read_lines(sys.stdin.buffer), start=1):
            text = _text(raw, number)
            if moved := _NOW.fullmatch(text.strip()):
                _move(clock, moved[1], number)
                continue
            turn += 1
            line.say(text, kind_of(text, options.channel))
            with line.messages() as messages:
                lines.write({"turn": turn, "user": text, "bot": [_shown(message) for message in messages]})
    return 0


def _text(raw: bytes | None, number: int) -> str:
    try:
        return lines.check_text(lines.decode(raw))
    except lines.BadLine as error:
        raise UserError(f"line {number} cannot be taken: {error}.") from error


def _move(clock: Clock, text: str | None, number: int) -> None:
    try:
        clock.move(shared.moment((text or "").strip()))
    except argparse.ArgumentTypeError as error:
        raise UserError(f"line {number} cannot be taken: {error}.") from error


def kind_of(text: str, channel: str) -> str:
    """What a line is on a channel: `text`, and on the phone also `digits` and `silence`."""
    if channel != "voice":
        return "text"
    if not text.strip():
        return "silence"
    return "digits" if _DIGITS.fullmatch(text.strip()) else "text"


def _shown(message: Any) -> dict[str, Any]:
    options = {"options": list(message.options)} if message.options else {}
    return {"text": message.text, **options}
