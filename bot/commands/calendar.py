"""`thuisbel calendar`: the address of a person's calendar, for their calendar program."""

from __future__ import annotations

import argparse

from bot.commands import options as shared
from bot.errors import UserError
from bot.settings import Settings

HELP = "make or revoke the address of a person's calendar"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    shared.add_now(parser)
    parser.add_argument("--of", required=True, type=shared.phone, metavar="PHONE")
    parser.add_argument("--revoke", action="store_true", help="end the address they have, and give no new one")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the new address; the one before it no longer works."""
    from bot.doors.reception import feed_address
    from bot.storage import contact_by_phone, opened_database
    from care import feeds

    now = shared.clock(options).now()
    if settings.public_url is None and not options.revoke:
        raise UserError("THUISBEL_PUBLIC_URL is not set: a calendar program could not reach the address.")
    with opened_database(settings) as database, database.begin() as session:
        contact = contact_by_phone(session, options.of)
        if contact is None:
            raise UserError(f"nobody is known by {options.of}.")
        if options.revoke:
            feeds.revoke(session, contact, now)
            return 0
        token = feeds.make(session, contact, now)
    print(feed_address(settings.public_url or "", token))
    return 0
