"""Option types that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime

from dateutil.parser import isoparse

from care.clock import Clock, local

LANGUAGES = ("nl", "en")
CHANNELS = ("sms", "whatsapp", "voice", "telegram", "web")


def moment(text: str) -> datetime:
    """An ISO 8601 moment; without an offset it is local time (Europe/Amsterdam)."""
    try:
        return local(isoparse(text))
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a moment such as 2026-11-23T09:00") from error


def day(text: str) -> date:
    """An ISO 8601 date."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-23") from error


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """A whole number from `lowest` to `highest`."""

    def read(text: str) -> int:
        if not text.lstrip("-").isdecimal() or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {lowest} to {highest}")
        return int(text)

    return read


def phone(text: str) -> str:
    """A telephone number, as E.164."""
    from care.people import normal_phone

    try:
        return normal_phone(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_now(parser: argparse.ArgumentParser) -> None:
    """Add `--now`."""
    parser.add_argument("--now", type=moment, metavar="ISO", help="move the clock to this moment for this process")


def clock(options: argparse.Namespace) -> Clock:
    """The clock of this process, moved by `--now`."""
    return Clock(options.now)
