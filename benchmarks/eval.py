"""How well and how fast messages are read: `python -m benchmarks.eval` prints the figures beside their goals.

Measured are the evaluation set in tests/data (written apart from the training data), the acceptance readings, the same
with something told before or behind them, and plain recurrence sentences side by side with other libraries.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.readings import ours, recurrence
from benchmarks.readings.figures import FIGURES
from benchmarks.readings.ours import Speed
from benchmarks.readings.result import Board, Result, score, show_wrong
from benchmarks.readings.rows import Expected, ExpectedError
from benchmarks.readings.tales import beside_tales
from bot.memory import keep_loaded
from nlu.care_reader import CareReader

if TYPE_CHECKING:
    from nlu.reader import Reader

GOALS: dict[str, float] = {
    "act_accuracy": 0.97,
    "need_f1": 0.95,
    "wrong_without_asking_rate": 0.02,
    "false_booking_rate": 0.01,
    "emergency_recall": 1.0,
    "emergency_false_alarm_rate": 0.02,
}
NOISE_GOALS: dict[str, float] = {"need_f1": 0.85}
"""What is aimed at where the sentences are noisy; the other goals are not set for these."""

TALES = "tales"
"""The name of the set in which something is told before or behind the sentences of the others."""

CARE_GOAL = Speed(2.0, 5.0)
WHOLE_GOAL = Speed(10.0, float("inf"))
_ACT_FIGURES = frozenset({"act_accuracy", "false_booking_rate", "emergency_recall", "emergency_false_alarm_rate"})
"""What says nothing when the right act was given."""


@dataclass(frozen=True)
class Column:
    """The figures of one language in one file."""

    name: str
    language: str
    board: Board

    def goal(self, key: str) -> float | None:
        """What is aimed at, if anything."""
        return (NOISE_GOALS if "noise" in self.name else GOALS).get(key)


def columns(name: str, result: Result) -> list[Column]:
    """A column for each language that the file holds."""
    return [
        Column(name, language, board) for language, board in result.boards.items() if language != "all" and board.rows
    ]


def figures_table(parts: Sequence[Column], *, gold_acts: bool) -> str:
    """A line for each figure; a cell that misses its goal is marked with an exclamation mark."""
    width = 30
    lines = [
        f"{'':<{width}}{'goal':>9}" + "".join(f"{part.name:>14}" for part in parts),
        f"{'':<{width}}{'':>9}" + "".join(f"{part.language:>14}" for part in parts),
        f"{'messages':<{width}}{'':>9}" + "".join(f"{part.board.rows:>14}" for part in parts),
    ]
    for figure in FIGURES:
        if gold_acts and figure.key in _ACT_FIGURES:
            continue
        goal = GOALS.get(figure.key)
        sign = "≥" if figure.high_is_good else "≤"
        wanted = "" if goal is None else f"{sign} {100 * goal:.0f} %"
        cells = "".join(f"{_cell(part, figure.key, figure.high_is_good):>14}" for part in parts)
        lines.append(f"{figure.label:<{width}}{wanted:>9}{cells}")
    return "\n".join(lines)


def _cell(part: Column, key: str, high_is_good: bool) -> str:
    tally = part.board.tallies[key]
    if tally.share is None:
        return "–"
    goal = part.goal(key)
    missed = goal is not None and (tally.share < goal if high_is_good else tally.share > goal)
    return f"{'! ' if missed else ''}{100 * tally.share:.1f} %"


def speed_table(speeds: dict[str, tuple[Speed, Speed]]) -> str:
    """Milliseconds for a message, with the goals behind them; what misses its goal is marked."""
    lines = [f"{'speed (ms a message, warm)':<30}{'median':>9}{'goal':>7}{'p95':>9}{'goal':>7}"]
    for name, (speed, goal) in speeds.items():
        line = f"{name:<30}"
        for spent, limit in ((speed.median, goal.median), (speed.p95, goal.p95)):
            wanted = "" if limit == float("inf") else f"≤ {limit:.0f}"
            line += f"{'! ' if spent > limit else ''}{spent:.2f}".rjust(9) + f"{wanted:>7}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def load_reader() -> Reader:
    """The reader with the trained model, which is trained first when it is not up to date."""
    from bot.model import ensure_model
    from bot.settings import Settings
    from nlu.reader import Reader

    return Reader.load(ensure_model(Settings.from_environment()))


def unseen(sets: Mapping[str, Sequence[Expected]], known: Container[str]) -> dict[str, list[Expected]]:
    """The rows whose sentence was not learnt from: the others would tell nothing of how well unseen ones are read."""
    return {name: [row for row in rows if ours.plain(row.text) not in known] for name, rows in sets.items()}


def measure(
    sets: Mapping[str, Sequence[Expected]], care: CareReader, reader: Reader | None
) -> tuple[dict[str, Result], dict[str, tuple[Speed, Speed]]]:
    """The results by set, and the speeds over all of their rows; without a reader the expected acts are given."""
    answer = ours.by_gold_act(care) if reader is None else ours.by_model(reader)
    rows = [row for name, found in sets.items() for row in found if name != TALES]
    # The speed comes first, while no text has been read before; in a process that keeps what it loaded, as those do
    # that serve and that parse lines.
    keep_loaded()
    reading = Speed.of(lambda row: care.read(row.text, row.language, ours.moment(row)), rows)
    speeds = {"care-request reader alone": (reading, CARE_GOAL)}
    if reader is not None:
        speeds["whole reading"] = (Speed.of(answer, rows), WHOLE_GOAL)
    return {name: score(found, ours.answers(found, answer)) for name, found in sets.items()}, speeds


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eval", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="expected readings (default: ours)")
    parser.add_argument("--gold-acts", action="store_true", help="give the right act: measures needs and targets only")
    parser.add_argument("--all", action="store_true", help="count sentences that stand in the training data too")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show the first N wrong readings of each file")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    parser.add_argument("--no-peers", action="store_true", help="leave out the other libraries")
    parser.add_argument("--no-recurrence", action="store_true", help="leave out the recurrence sentences")
    return parser.parse_args(argv)


def summary(
    results: dict[str, Result], speeds: dict[str, tuple[Speed, Speed]], entries: Sequence[recurrence.Entry]
) -> dict[str, Any]:
    """All figures, for a file."""
    return {
        "readings": {
            name: {language: board.summary() for language, board in result.boards.items() if board.rows}
            for name, result in results.items()
        },
        "speed": {name: speed.summary() for name, (speed, _) in speeds.items()},
        "recurrence": [entry.summary() for entry in entries],
    }


def show_recurrence(entries: Sequence[recurrence.Entry], limit: int) -> list[str]:
    """The recurrence sentences that we do not get right."""
    lines = []
    for entry in entries:
        if not entry.name.startswith("Thuisbel"):
            continue
        for row, result, answers in entry.missed[:limit]:
            got = [(answer["rrule"], answer["dtstart"], answer["exdates"]) for answer in answers]
            lines += [f"{row['id']} {entry.name}: {row['text']}", f"    expected  {row['rrule']} {row['dtstart']}"]
            lines.append(f"    {result:<9} {got}")
    return lines


def _short(path: Path) -> str:
    return path.stem.removeprefix("readings_").removeprefix("care_requests_")


def main(argv: Sequence[str] | None = None, tell: Callable[[str], object] | None = None) -> int:
    """Print the tables; status 2 when an evaluation file is wrong."""
    options = arguments(argv)
    progress = tell or (lambda line: print(line, file=sys.stderr))
    try:
        sets: Mapping[str, Sequence[Expected]] = {_short(path): ours.load(path) for path in options.files or ours.FILES}
    except (ExpectedError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    reader = None if options.gold_acts else load_reader()
    care = CareReader() if reader is None else reader.care
    if reader is not None and not options.all:
        every, sets = sets, unseen(sets, ours.trained_texts())
        left_out = {name: len(rows) - len(sets[name]) for name, rows in every.items()}
        print("left out, since learnt from:", ", ".join(f"{name} {count}" for name, count in left_out.items()))
    if reader is not None and not options.files:
        sets = {**sets, TALES: beside_tales([row for rows in sets.values() for row in rows])}
    results, speeds = measure(sets, care, reader)
    parts = [part for name, result in results.items() for part in columns(name, result)]
    for result in results.values():
        for line in show_wrong(result, options.show):
            print(line)
    print(figures_table(parts, gold_acts=options.gold_acts), speed_table(speeds), sep="\n\n")
    entries: list[recurrence.Entry] = []
    if not options.no_recurrence:
        entries = recurrence.compare(care, peers=not options.no_peers, tell=progress)
        print("", recurrence.table(entries), *show_recurrence(entries, options.show), sep="\n")
    if options.json:
        options.json.write_text(json.dumps(summary(results, speeds, entries), indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
