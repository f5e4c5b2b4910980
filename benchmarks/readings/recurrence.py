"""Plain sentences about recurrence, as people type them into calendars and to-do lists: ours beside other libraries.

What counts is the set of dates in the 26 weeks ahead, by the same comparison as for readings. An answer is right,
wrong, or none; wrong is the worst of these, since nobody is told. The other libraries get the schedule phrase only,
ours the phrase and the whole sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from dateutil.rrule import rrulestr

from benchmarks.readings.compare import clock_times, horizon_end, occurrence_dates
from benchmarks.readings.figures import Json, UnreadableError
from benchmarks.readings.isolated import PEERS, ROOT, NotAvailableError, run_peer
from care.clock import TZ
from nlu.care_reader import CareReader

FILE = ROOT / "tests" / "data" / "recurrence.jsonl"
LANGUAGES = ("nl", "en")
KINDS = ("recurring", "once")
OUTCOMES = ("right", "none", "wrong")


def load() -> list[Json]:
    """The rows: `id`, `lang`, `text`, `phrase` (the schedule in it), `now`, `rrule`, `dtstart`, `exdates`, `times`."""
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def first_date(rule: str, now: datetime, times: Sequence[str]) -> date | None:
    """The first date from `now` on that a rule without a start allows; a clock time past today moves it to tomorrow."""
    start = now.date()
    if times and max(times) < f"{now:%H:%M}":
        start += timedelta(days=1)
    bare = ";".join(part for part in rule.split(";") if not part.startswith(("INTERVAL=", "COUNT=", "UNTIL=")))
    try:
        found = next(iter(rrulestr(bare, dtstart=datetime.combine(start, time()))), None)
    except ValueError:
        return None
    return found and found.date()


def outcome(row: Json, answers: Sequence[Json]) -> str:
    """`right`, `wrong` or `none`: whether the answers are one schedule, with the dates that were expected."""
    given = [answer for answer in answers if answer.get("rrule") or answer.get("dtstart")]
    if not given:
        return "none"
    if len(given) > 1:
        return "wrong"
    answer, now = dict(given[0]), datetime.fromisoformat(row["now"])
    try:
        if answer.get("dtstart") is None:
            first = first_date(answer["rrule"], now, answer.get("times") or [])
            answer["dtstart"] = first and first.isoformat()
        end = horizon_end(row, now.date())
        same = occurrence_dates(row, now.date(), end) == occurrence_dates(answer, now.date(), end)
    except UnreadableError:
        return "wrong"
    return "right" if same else "wrong"


def same_clock(row: Json, answers: Sequence[Json]) -> bool:
    """Whether the clock times are the expected ones too."""
    try:
        return len(answers) == 1 and clock_times(row) == clock_times(answers[0])
    except UnreadableError:
        return False


@dataclass
class Column:
    """What one reader made of the rows of one language and kind."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    clock: int = 0
    clocks: int = 0

    def add(self, row: Json, answers: Sequence[Json]) -> str:
        """Count one row; gives its outcome."""
        result = outcome(row, answers)
        self.counts[result] += 1
        if row.get("times"):
            self.clocks += 1
            self.clock += result == "right" and same_clock(row, answers)
        return result

    def summary(self) -> Json:
        """The counts; `clock` is over the rows with a clock time in which the dates are right too."""
        return {**self.counts, "rows": sum(self.counts.values()), "clock": [self.clock, self.clocks]}


@dataclass
class Entry:
    """One reader's line: its columns by kind and language, its speed, and the rows it did not get right."""

    name: str
    note: str
    columns: dict[tuple[str, str], Column] = field(
        default_factory=lambda: {(kind, language): Column() for kind in KINDS for language in LANGUAGES}
    )
    milliseconds: list[float] = field(default_factory=list)
    missed: list[tuple[Json, str, list[Json]]] = field(default_factory=list)
    available: bool = True

    def add(self, row: Json, answers: list[Json], milliseconds: float) -> None:
        """Count one row."""
        kind = "recurring" if row["rrule"] else "once"
        result = self.columns[kind, row["lang"]].add(row, answers)
        self.milliseconds.append(milliseconds)
        if result != "right":
            self.missed.append((row, result, answers))

    def summary(self) -> Json:
        """The figures."""
        if not self.available:
            return {"name": self.name, "note": self.note, "available": False}
        figures = {f"{kind}_{language}": column.summary() for (kind, language), column in self.columns.items()}
        return {"name": self.name, "note": self.note, "median_ms": round(median(self.milliseconds), 3), **figures}


def our_answers(care: CareReader, text: str, language: str, now: datetime) -> list[Json]:
    """The schedules our reader finds, each once; needs that differ in their clock times only are one schedule."""
    found: dict[tuple[Any, ...], Json] = {}
    for need in care.read(text, language, now).needs:
        answer = need.schedule.to_json()
        same = found.setdefault((answer["rrule"], answer["dtstart"], tuple(answer["exdates"])), answer)
        same["times"] = sorted({*same["times"], *answer["times"]})
    return list(found.values())


def ours(care: CareReader, rows: Sequence[Json], part: str, name: str) -> Entry:
    """Our line, over the `phrase` or the whole `text` of each row."""
    entry = Entry(name, "the schedule phrase only" if part == "phrase" else "the whole sentence")
    for row in rows:
        now = datetime.fromisoformat(row["now"]).replace(tzinfo=TZ)
        begun = perf_counter()
        answers = our_answers(care, row[part], row["lang"], now)
        entry.add(row, answers, (perf_counter() - begun) * 1000)
    return entry


def theirs(
    rows: Sequence[Json], run: Callable[..., Mapping[str, Json]] = run_peer, tell: Callable[[str], object] = print
) -> list[Entry]:
    """The lines of the other libraries; one that cannot be run here says so instead of figures."""
    entries = []
    for peer in PEERS:
        tell(f"asking {peer.requirements[0]} …")
        entry = Entry(peer.requirements[0], peer.note)
        try:
            answers = run(peer, rows)
        except NotAvailableError as error:
            entry.available, entry.note = False, f"not available: {error}"
        else:
            for row in rows:
                answer = answers[row["id"]]
                entry.add(row, [answer], answer["ms"])
        entries.append(entry)
    return entries


def compare(care: CareReader, *, peers: bool = True, tell: Callable[[str], object] = print) -> list[Entry]:
    """All lines: ours first."""
    rows = load()
    ours(care, rows[:10], "text", "warm-up")
    entries = [ours(care, rows, "text", "Thuisbel"), ours(care, rows, "phrase", "Thuisbel, phrase")]
    return entries + (theirs(rows, tell=tell) if peers else [])


def table(entries: Sequence[Entry]) -> str:
    """The lines side by side: per language right / no answer / wrong, and clock times where the dates are right."""
    lines = []
    for kind in KINDS:
        heads = [f"{language}: right  none wrong   clock" for language in LANGUAGES]
        lines.append(f"{'sentences ' + kind:<32}" + "".join(f"{head:>34}" for head in heads) + "  median ms")
        lines += [f"{entry.name:<32}{_cells(entry, kind)}" for entry in entries] + [""]
    lines += [f"{entry.name}: {entry.note}" for entry in entries]
    return "\n".join(lines)


def _cells(entry: Entry, kind: str) -> str:
    if not entry.available:
        return "    not available"
    cells = ""
    for language in LANGUAGES:
        column = entry.columns[kind, language]
        total = max(sum(column.counts.values()), 1)
        share = f"{100 * column.counts['right'] / total:.1f} %"
        cells += f"{share:>16}{column.counts['none']:>6}{column.counts['wrong']:>6}"
        clock = f"{column.clock}/{column.clocks}"
        cells += f"{clock:>6}"
    return f"{cells}{median(entry.milliseconds):>11.2f}"
