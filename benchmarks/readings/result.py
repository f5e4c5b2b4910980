"""The figures over all answers, and the readings that were wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.readings.figures import FIGURES, Json
from benchmarks.readings.judge import Judgement, Tallies, Tally, add, judge
from benchmarks.readings.rows import Expected


@dataclass
class Board:
    """The figures of one language, or of all rows."""

    rows: int = 0
    unanswered: int = 0
    tallies: Tallies = field(default_factory=lambda: {figure.key: Tally() for figure in FIGURES})

    def count(self, judgement: Judgement) -> None:
        """Add one judgement."""
        self.rows += 1
        self.unanswered += not judgement.answered
        for key, tally in judgement.tallies.items():
            add(self.tallies, key, tally.hits, tally.of)

    def summary(self) -> Json:
        """The figures for the JSON line: shares (null over no cases), and the counts behind them."""
        shares = {key: None if tally.share is None else round(tally.share, 4) for key, tally in self.tallies.items()}
        counts = {key: [tally.hits, tally.of] for key, tally in self.tallies.items()}
        return {"rows": self.rows, "unanswered": self.unanswered, **shares, "counts": counts}


@dataclass
class Result:
    """The boards by language (and `all`), and the judgement of every row."""

    boards: dict[str, Board]
    judgements: list[tuple[Expected, Json | None, Judgement]]


def score(rows: Sequence[Expected], answers: Mapping[str, Json]) -> Result:
    """Score all answers."""
    languages = sorted(
        {"nl", "en"} | {row.language for row in rows}, key=lambda name: (name != "nl", name != "en", name)
    )
    boards = {name: Board() for name in [*languages, "all"]}
    judgements = []
    for row in rows:
        answer = answers.get(row.id)
        judgement = judge(row, answer)
        boards[row.language].count(judgement)
        boards["all"].count(judgement)
        judgements.append((row, answer, judgement))
    return Result(boards, judgements)


def table(result: Result) -> str:
    """The readable table."""

    def line(label: str, cells: Iterable[str]) -> str:
        return f"{label:<28}" + "".join(f"{cell:>22}" for cell in cells)

    boards = result.boards
    lines = [
        line("", boards),
        line("rows", (str(board.rows) for board in boards.values())),
        line("unanswered", (str(board.unanswered) for board in boards.values())),
    ]
    for figure in FIGURES:
        tallies = [board.tallies[figure.key] for board in boards.values()]
        lines.append(
            line(
                figure.label,
                ("–" if t.share is None else f"{100 * t.share:.1f} % ({t.hits}/{t.of})" for t in tallies),
            )
        )
    return "\n".join(lines)


def brief(value: object) -> str:
    """Any JSON value in little room."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "..."


def show_need(need: object) -> str:
    """A need on one line."""
    if not isinstance(need, dict):
        return f"[{brief(need)}]"
    words = [brief(need.get("service")), brief(need.get("rrule") or "once"), brief(need.get("dtstart"))]
    details = ("exdates", "times", "window", "daypart", "duration_minutes", "times_per_period", "preferences", "ask")
    words += [f"{name}={brief(need[name])}" for name in details if need.get(name) not in (None, [], {})]
    return "[" + " ".join(words) + "]"


def show_reading(reading: Json | None) -> str:
    """A reading on one line."""
    if reading is None:
        return "(no answer)"
    if reading.get("error") is not None:
        return f"error: {brief(reading['error'])}"
    needs = reading.get("needs")
    words = [brief(reading.get("act"))]
    words += [show_need(need) for need in needs] if isinstance(needs, list) else [] if needs is None else [brief(needs)]
    target = reading.get("target")
    if isinstance(target, dict):
        target = {name: value for name, value in target.items() if value not in (None, [])}
    if target:
        words.append(f"target={brief(target)}")
    if reading.get("ask"):
        words.append(f"ask={brief(reading['ask'])}")
    return " ".join(words)


def show_wrong(result: Result, limit: int) -> Iterator[str]:
    """The first `limit` readings that are not exact."""
    wrong = [entry for entry in result.judgements if not entry[2].exact]
    for row, answer, judgement in wrong[:limit]:
        tags = f" #{' #'.join(row.tags)}" if row.tags else ""
        yield f"{row.id} [{row.language}]{tags} {row.text}"
        yield f"    wrong     {', '.join(dict.fromkeys(judgement.faults))}"
        yield f"    expected  {show_reading(row.reading)}"
        yield f"    got       {show_reading(answer)}"
    if limit > 0:
        yield f"{min(limit, len(wrong))} of {len(wrong)} wrong readings shown"
