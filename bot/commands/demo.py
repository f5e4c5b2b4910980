"""`thuisbel demo`: load the demo neighbourhood."""

from __future__ import annotations

import argparse

from bot import lines
from bot.commands import options as shared
from bot.settings import Settings

HELP = "load the demo neighbourhood (twice changes nothing)"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    shared.add_now(parser)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write one line that says who and where the demo people are."""
    from bot.storage import opened_database
    from care.demo.loader import load_demo

    with opened_database(settings) as database, database.begin() as session:
        summary = load_demo(session, shared.clock(options).now())
    lines.write(summary)
    return 0
