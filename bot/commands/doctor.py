"""`thuisbel doctor`: what is set up, what is missing, and whether each door works."""

from __future__ import annotations

import argparse

from bot.commands import options as shared
from bot.settings import Settings

HELP = "say what is set up and what is missing, and test each door"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    shared.add_now(parser)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """A line for each thing; status 0 when everything that is set up works, else 1."""
    from bot.checks import doors, house
    from bot.checks.finding import BROKEN

    broken = False
    for look in (house.look(settings, shared.clock(options)), doors.look(settings)):
        for finding in look:
            broken = broken or finding.state == BROKEN
            print(f"{finding.state:<7} {finding.what}: {finding.words}", flush=True)
    print("Something that is set up does not work." if broken else "Everything that is set up works.")
    return 1 if broken else 0
