"""Reading the files with expected readings and with answers."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.readings.compare import clock_times, horizon_end, iso_date, list_of, occurrence_dates, same_window
from benchmarks.readings.figures import ACTS, Json, UnreadableError


@dataclass(frozen=True)
class Expected:
    """One row of EXPECTED."""

    id: str
    language: str
    text: str
    now: date
    reading: Json
    lenient: frozenset[str]
    tags: tuple[str, ...]


LENIENT_NAMES: dict[str, tuple[str, ...]] = {
    name: (name,)
    for name in "act needs target ask service rrule dtstart exdates times times_per_period window duration_minutes "
    "preferences helper_kind helper_gender helper_name helper_language "
    "target.dates target.from target.until target.scope target.service".split()
} | {
    # names that stand for several of these, or for none that is scored
    "dates": ("rrule", "dtstart", "exdates", "target.dates"),
    "service": ("service", "target.service"),
    "daypart": ("window",),
    "duration": ("duration_minutes",),
    "from": ("target.from",),
    "until": ("target.until",),
    "scope": ("target.scope",),
    "language": (),
    "confidence": (),
}


class ExpectedError(Exception):
    """The mistakes in an EXPECTED file."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep the mistakes, one a line."""
        super().__init__("\n".join(problems))


def check_need(need: object, now: date) -> None:
    """Raise UnreadableError when an expected need cannot be scored."""
    if not isinstance(need, dict):
        raise UnreadableError(f"a need is not an object: {need!r}")
    if occurrence_dates(need, now, horizon_end(need, now)) == frozenset():
        raise UnreadableError("a need has no dates from `now` on")
    clock_times(need)
    same_window(need, need)
    if not isinstance(need.get("preferences") or {}, dict):
        raise UnreadableError("preferences is not an object")
    list_of(need.get("ask"), "ask")


def target_value(target: Mapping[str, Any], name: str) -> object:
    """A field of a target, in a form that can be compared; raises UnreadableError."""
    value = target.get(name)
    if name == "dates":
        return frozenset(iso_date(day) for day in list_of(value, "target.dates"))
    if name in ("from", "until"):
        return None if value is None else iso_date(value)
    return value


def expected_row(row: object) -> Expected:
    """Check one row of EXPECTED; raises UnreadableError."""
    if not isinstance(row, dict):
        raise UnreadableError("not a JSON object")
    for name in ("id", "lang", "text", "now", "act"):
        if row.get(name) in (None, ""):
            raise UnreadableError(f"no {name}")
    if row["act"] not in ACTS:
        raise UnreadableError(f"unknown act {row['act']!r}")
    now = iso_date(row["now"])
    for need in list_of(row.get("needs"), "needs"):
        check_need(need, now)
    target = row.get("target") or {}
    if not isinstance(target, dict):
        raise UnreadableError("target is not an object")
    for name in target:
        target_value(target, name)
    list_of(row.get("ask"), "ask")
    lenient: set[str] = set()
    for name in list_of(row.get("lenient"), "lenient"):
        bare = re.sub(r"^(needs|preferences)\.", "", str(name))
        if bare not in LENIENT_NAMES:
            raise UnreadableError(f"unknown lenient field {name!r}")
        lenient.update(atom for atom in LENIENT_NAMES[bare] if name == bare or not atom.startswith("target."))
    return Expected(
        id=str(row["id"]),
        language=str(row["lang"]),
        text=str(row["text"]),
        now=now,
        reading=row,
        lenient=frozenset(lenient),
        tags=tuple(str(tag) for tag in list_of(row.get("tags"), "tags")),
    )


def read_expected(lines: Iterable[str]) -> list[Expected]:
    """Read EXPECTED; raises ExpectedError with every mistake found."""
    rows: list[Expected] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name = f"line {number}"
        try:
            raw = json.loads(line)
            if isinstance(raw, dict) and "id" in raw:
                name += f" ({raw['id']})"
            row = expected_row(raw)
            if row.id in seen:
                raise UnreadableError("this id was used before")
            seen.add(row.id)
            rows.append(row)
        except (ValueError, RecursionError) as error:
            problems.append(f"{name}: {error}")
    if not rows and not problems:
        problems.append("no rows")
    if problems:
        raise ExpectedError(problems)
    return rows


def read_answers(lines: Iterable[str]) -> tuple[dict[str, Json], list[str]]:
    """Read ANSWERS: the answers by id (the first where an id returns), and what was odd about the file."""
    answers: dict[str, Json] = {}
    oddities: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            oddities.append(f"line {number} is not JSON")
            continue
        key = row.get("id") if isinstance(row, dict) else None
        if not isinstance(key, (str, int)):
            oddities.append(f"line {number} has no id")
        elif str(key) in answers:
            oddities.append(f"line {number} repeats the id {key}")
        else:
            answers[str(key)] = row
    return answers, oddities


def read_lines(path: str) -> list[str]:
    """The lines of a file, or of standard input for "-"."""
    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    return data.decode("utf-8-sig", errors="replace").split("\n")
