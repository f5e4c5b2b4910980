"""`thuisbel parse`: what is understood of a text."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot import lines
from bot.commands import options as shared
from bot.errors import UserError
from bot.memory import keep_loaded
from bot.settings import Settings
from care.clock import Clock

if TYPE_CHECKING:
    from nlu.reader import Reader

HELP = "show what is understood of TEXT, or of JSON lines on standard input"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    shared.add_now(parser)
    parser.add_argument("text", nargs="?", metavar="TEXT", help="without it, JSON lines are read from standard input")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """One reading a line, in the order of the input. Status 2 when nothing of the input could be taken."""
    clock = shared.clock(options)
    if options.text is not None:
        text = _argument(options.text)
        reader = _load(settings)
        lines.write(reader.read(text, now=clock.now()).to_json())
        return 0
    reader = _load(settings)
    keep_loaded()
    return _read_all(reader, clock)


def _argument(text: str) -> str:
    try:
        return lines.check_text(text)
    except lines.BadLine as error:
        raise UserError(f"TEXT cannot be read: {error}.") from error


def _load(settings: Settings) -> Reader:
    from bot.model import ensure_model
    from nlu.reader import Reader

    return Reader.load(ensure_model(settings))


def _read_all(reader: Reader, clock: Clock) -> int:
    taken = False
    reason = ""
    for line in lines.read_lines(sys.stdin.buffer):
        if line is not None and not line.strip():
            continue
        fields: Mapping[str, Any] = {}
        try:
            fields = _fields(line)
            reading = _read_one(reader, fields, clock)
        except lines.BadLine as error:
            reason = str(error)
            lines.write({"id": fields.get("id"), "error": reason})
            continue
        taken = True
        lines.write({"id": fields["id"], **reading} if "id" in fields else reading)
    if reason and not taken:
        raise UserError(f"nothing could be read: {reason}.")
    return 0


def _fields(line: bytes | None) -> Mapping[str, Any]:
    try:
        fields = json.loads(lines.decode(line), parse_constant=_refuse)
    except (json.JSONDecodeError, RecursionError) as error:
        raise lines.BadLine("the line is not JSON") from error
    if not isinstance(fields, dict):
        raise lines.BadLine('the line is not a JSON object such as {"text": "…"}')
    return fields


def _refuse(constant: str) -> Any:
    # NaN and Infinity are Python's, not JSON's: echoed in an id they would break the reader of our output.
    raise lines.BadLine(f"{constant} is not JSON")


def _read_one(reader: Reader, fields: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    text = fields.get("text")
    if not isinstance(text, str):
        raise lines.BadLine('"text" is missing or not a string')
    language = fields.get("lang")
    if language is not None and language not in shared.LANGUAGES:
        raise lines.BadLine('"lang" must be "nl" or "en"')
    now = _moment(fields.get("now"), clock)
    return reader.read(lines.check_text(text), now=now, language=language).to_json()


def _moment(now: object, clock: Clock) -> datetime:
    if now is None:
        return clock.now()
    if not isinstance(now, str):
        raise lines.BadLine('"now" must be a string such as "2026-11-23T09:00"')
    try:
        return shared.moment(now)
    except argparse.ArgumentTypeError as error:
        raise lines.BadLine('"now" must be a moment such as "2026-11-23T09:00"') from error
