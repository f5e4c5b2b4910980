"""`thuisbel visits`: the visits of a person."""

from __future__ import annotations

import argparse
import sys

from bot import lines
from bot.commands import options as shared
from bot.settings import Settings

HELP = "list the visits of a person (as recipient, family or helper)"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    shared.add_now(parser)
    parser.add_argument("--of", required=True, type=shared.phone, metavar="PHONE")
    parser.add_argument("--from", dest="start", type=shared.day, metavar="DATE", help="first day (default: today)")
    parser.add_argument("--days", type=shared.whole_number(1, 3660), default=28, metavar="N", help="default: 28")
    parser.add_argument("--ics", action="store_true", help="as an iCalendar file")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """One line a visit, sorted by start; somebody unknown has no visits."""
    from bot.storage import contact_by_phone, opened_database
    from care.visits import visits_of

    clock = shared.clock(options)
    start = options.start or clock.today()
    with opened_database(settings) as database, database.begin() as session:
        contact = contact_by_phone(session, options.of)
        found = visits_of(session, contact, start, options.days, clock.now()) if contact else []
    if options.ics:
        from care.calendar import to_ics

        language = (contact.language if contact else None) or "nl"
        sys.stdout.buffer.write(to_ics(found, now=clock.now(), name="Thuisbel", language=language))
        sys.stdout.buffer.flush()
        return 0
    for visit in found:
        lines.write(visit.to_json())
    return 0
