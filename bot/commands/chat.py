"""`thuisbel chat`: a friendly conversation in the terminal, in the demo neighbourhood."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from bot import lines
from bot.commands import options as shared
from bot.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from bot.line import Line
    from care.models import Outbox

HELP = "chat in the terminal, as a newcomer in the demo neighbourhood"
NEWCOMER = "+31612340000"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    shared.add_now(parser)
    parser.add_argument("--as", dest="phone", type=shared.phone, default=NEWCOMER, metavar="PHONE", help="who you are")
    parser.add_argument("--lang", choices=shared.LANGUAGES, help="default: the language of your terminal")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Talk until the end of the input."""
    from rich.console import Console

    from bot.house import opened_house
    from care.demo.loader import load_demo

    clock = shared.clock(options)
    language = options.lang or _terminal_language()
    with opened_house(settings, clock) as house:
        with house.database.begin() as session:
            demo = load_demo(session, clock.now())
        from actions.phrases import Phrases

        phrases = Phrases.load()
        console = Console(highlight=False, markup=False, emoji=False)
        console.print(
            phrases.text("chat_intro", language, **{k: demo[k] for k in ("town", "street", "number", "postcode")})
        )
        console.print(phrases.text("chat_example", language))
        console.print(phrases.text("chat_stop", language) + "\n", style="dim")
        with house.line(phone=options.phone, channel="sms", language=options.lang) as line:
            _talk(line, console, phrases.text("chat_you", language))
        console.print("\n" + phrases.text("chat_bye", language))
    return 0


def _talk(line: Line, console: Console, you: str) -> None:
    _show(line, console)
    while True:
        console.print(f"{you}: ", style="bold", end="")
        typed = sys.stdin.readline()
        if not typed:
            return
        try:
            text = lines.check_text(typed.strip())
        except lines.BadLine as error:
            console.print(str(error), style="red")
            continue
        if text:
            line.say(text)
        _show(line, console)


def _show(line: Line, console: Console) -> None:
    with line.messages() as messages:
        for message in messages:
            _print(console, message)


def _print(console: Console, message: Outbox) -> None:
    console.print(f"Thuisbel: {message.text}", style="green")
    for option in message.options:
        console.print(f"   {option['key']}  {option['text']}", style="cyan")


def _terminal_language() -> str:
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "nl" if locale.lower().startswith("nl") else "en"
