"""The command `thuisbel`.

Exit status: 0 done; 1 `doctor` found something broken; 2 the request cannot be met (with one sentence on standard error
that says why); 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from bot import logs
from bot.errors import UserError
from bot.settings import Settings

COMMANDS = (
    "chat",
    "parse",
    "converse",
    "visits",
    "outbox",
    "demo",
    "serve",
    "train",
    "doctor",
    "telegram",
    "calendar",
    "whatsapp-templates",
)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands. Each command's module is light: it imports what it runs on only when it runs."""
    parser = _Parser(prog="thuisbel", description="Arrange recurring help at home by talking or texting.")
    parsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    for name in COMMANDS:
        module = import_module(f"bot.commands.{name.replace('-', '_')}")
        command = parsers.add_parser(name, help=module.HELP, description=module.HELP, allow_abbrev=False)
        module.configure(command)
        command.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    options = build_parser().parse_args(arguments)
    try:
        settings = Settings.from_environment()
        logs.set_up(settings.log_level)
        return int(options.run(options, settings))
    except UserError as error:
        print(f"thuisbel: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone. Python would complain once more while closing standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
