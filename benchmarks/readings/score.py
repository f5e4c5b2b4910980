"""Score the readings of `thuisbel parse` against expected readings.

EXPECTED holds one JSON object a line: `id`, `lang` (nl or en), `text`, `now`, and the reading that is wanted (`act`,
`needs`, `target`, `ask`, as in the contract); besides these `lenient` (names of fields that are not scored), `tags`
and `note`. ANSWERS is what `thuisbel parse` wrote for the same ids ("-" reads it from standard input). An id without
an answer, or with an `error`, counts as wrong. Nothing an answer holds can stop the scoring: what cannot be read is
wrong. A mistake in EXPECTED does stop it, and is reported.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.readings.figures import EPILOG
from benchmarks.readings.result import score, show_wrong, table
from benchmarks.readings.rows import ExpectedError, read_answers, read_expected, read_lines
from benchmarks.readings.selftest import selftest


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="score_readings.py",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="%(prog)s EXPECTED.jsonl ANSWERS.jsonl [--show N] [--json]\n       %(prog)s --selftest [EXPECTED.jsonl]",
    )
    parser.add_argument("expected", nargs="?", metavar="EXPECTED", help="expected readings, JSON lines")
    parser.add_argument(
        "answers", nargs="?", metavar="ANSWERS", help='what `thuisbel parse` wrote, JSON lines; "-" for standard input'
    )
    parser.add_argument(
        "--show", type=int, default=0, metavar="N", help="also show the first N readings that are not exact, one by one"
    )
    parser.add_argument(
        "--json", action="store_true", help="only the JSON summary on standard output (--show goes to standard error)"
    )
    parser.add_argument(
        "--selftest", action="store_true", help="test this program on built-in rows, and on EXPECTED when given"
    )
    options = parser.parse_args(argv)
    if options.selftest and options.answers:
        parser.error("--selftest takes no ANSWERS")
    if not options.selftest and not (options.expected and options.answers):
        parser.error("EXPECTED and ANSWERS are needed (or --selftest)")
    if options.show < 0:
        parser.error("--show takes a number from 0 up")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit status."""
    options = arguments(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        rows = read_expected(read_lines(options.expected)) if options.expected else []
        if options.selftest:
            files = {Path(options.expected).name: [row.reading for row in rows]} if rows else {}
            return 0 if selftest(files) else 1
        answers, oddities = read_answers(read_lines(options.answers))
    except ExpectedError as error:
        print(f"mistakes in {options.expected}:\n{error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    strangers = answers.keys() - {row.id for row in rows}
    if strangers:
        oddities.append(f"answers with an id that is not in {options.expected}: {len(strangers)}")
    for oddity in oddities[:10]:
        print(f"{options.answers}: {oddity}", file=sys.stderr)
    if len(oddities) > 10:
        print(f"{options.answers}: and {len(oddities) - 10} more", file=sys.stderr)

    result = score(rows, answers)
    for line in show_wrong(result, options.show):
        print(line, file=sys.stderr if options.json else sys.stdout)
    if not options.json:
        print(table(result))
    print(json.dumps({name: board.summary() for name, board in result.boards.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
