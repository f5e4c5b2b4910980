"""`thuisbel outbox`: the messages to be sent or sent."""

from __future__ import annotations

import argparse

from bot import lines
from bot.commands import options as shared
from bot.settings import Settings

HELP = "list the messages to be sent or sent"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--to", type=shared.phone, metavar="PHONE", help="only those to this person")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """One line a message, in the order in which they are due."""
    from bot.storage import contact_by_phone, opened_database
    from care import outbox

    with opened_database(settings) as database, database.begin() as session:
        contact = contact_by_phone(session, options.to) if options.to else None
        found = [] if options.to and contact is None else outbox.lines(session, to=contact)
    for message in found:
        lines.write(message)
    return 0
