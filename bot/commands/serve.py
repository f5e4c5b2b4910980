"""`thuisbel serve`: gateway, brain and courier in one process."""

from __future__ import annotations

import argparse

from bot.commands import options as shared
from bot.settings import Settings

HELP = "run the web server with the chat page and the doors of the channels"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    shared.add_now(parser)
    parser.add_argument("--port", type=shared.whole_number(0, 65535), default=8000, metavar="N", help="default: 8000")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1, this machine only")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped."""
    from bot.server import serve

    return serve(settings, shared.clock(options), options.host, options.port)
