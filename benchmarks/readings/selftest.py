"""The scorer's test of itself: pairs told alike or apart, answers with junk in them, and corruptions."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from benchmarks.readings.compare import horizon_end, needs_match, same_window
from benchmarks.readings.figures import FIGURES, Json
from benchmarks.readings.result import Board, score, show_wrong
from benchmarks.readings.rows import read_answers, read_expected
from benchmarks.readings.trials import SELFTEST_ROWS, Trial, trials


def worse_figures(board: Board) -> frozenset[str]:
    """The figures of a board that are not perfect (a figure over no cases is)."""
    return frozenset(
        figure.key
        for figure in FIGURES
        if board.tallies[figure.key].share not in (None, 1.0 if figure.high_is_good else 0.0)
    )


def run_trial(trial: Trial, rows: Sequence[Json]) -> str | None:
    """Do a trial on the first row it suits: "" when right, else what went wrong; None when no row suits."""
    place = next((index for index, row in enumerate(rows) if trial.suits(row)), None)
    if place is None:
        return None
    expected, answers = copy.deepcopy(list(rows)), copy.deepcopy(list(rows))
    spoiled = trial.spoil(expected[place], answers[place])
    lines = [json.dumps(answer) for answer in answers]
    lines[place] = spoiled if isinstance(spoiled, str) else "" if spoiled is None else json.dumps(spoiled)
    result = score(read_expected(json.dumps(row) for row in expected), read_answers(lines)[0])
    touched = (rows[place]["lang"], "all")
    for name, board in result.boards.items():
        got, wanted = worse_figures(board), trial.worse if name in touched else frozenset()
        if got != wanted:
            return f"row {rows[place]['id']}, {name}: worse {sorted(got)}, expected {sorted(wanted)}"
    return ""


RULE_PAIRS: tuple[tuple[str | None, str, str | None, str, bool], ...] = (
    ("FREQ=DAILY", "2026-11-23", "freq=weekly;byday=su,mo,tu,we,th,fr,sa", "2026-11-23T08:00:00", True),
    ("FREQ=DAILY;UNTIL=20261224", "2026-11-23", "FREQ=DAILY;UNTIL=20261224T235959Z", "2026-11-23", True),
    ("FREQ=DAILY;UNTIL=20261224", "2026-11-23", "FREQ=DAILY;COUNT=32;INTERVAL=1;", "2026-11-23", True),
    ("FREQ=DAILY;UNTIL=20261224", "2026-11-23", "FREQ=DAILY;UNTIL=20261225", "2026-11-23", False),
    ("FREQ=WEEKLY;BYDAY=TU,TH", "2026-11-24", "FREQ=WEEKLY;BYDAY=TH,TU;WKST=SU", "2026-11-24", True),
    ("FREQ=WEEKLY;BYDAY=TU", "2026-11-24", "FREQ=DAILY;INTERVAL=7", "2026-11-24", True),
    ("FREQ=WEEKLY;BYDAY=TU", "2026-11-24", "FREQ=WEEKLY", "2026-11-24", True),
    ("FREQ=WEEKLY;BYDAY=TU", "2026-11-24", "FREQ=WEEKLY;BYDAY=TU", "2026-12-01", False),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-24", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-10", True),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-24", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-12-01", False),
    ("FREQ=MONTHLY;BYDAY=1MO,3MO", "2026-12-07", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=3,1", "2026-12-07", True),
    ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27", "FREQ=MONTHLY;BYDAY=4FR", "2026-11-27", False),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "2026-11-26",
     "FREQ=YEARLY;BYWEEKNO=2,4,6,8,10,12,14,16,18,20,22,24,26,48,50,52;BYDAY=TH", "2026-11-26", False),
    (None, "2026-11-24", "FREQ=DAILY;COUNT=1", "2026-11-24", True),
    (None, "2027-08-02", None, "2027-08-03", False),
    (None, "2027-08-02", None, "2027-08-02", True),
)  # fmt: skip

WINDOW_PAIRS: tuple[tuple[Json, Json, bool], ...] = (
    ({"window": ["09:00", "11:00"]}, {"window": ["09:00", "11:24"]}, True),
    ({"window": ["09:00", "11:00"]}, {"window": ["09:00", "12:00"]}, False),
    ({"window": ["22:00", "07:00"]}, {"window": ["22:30", "07:00"]}, True),
    ({"window": ["22:00", "07:00"]}, {"window": ["07:00", "22:00"]}, False),
    ({"window": ["23:00", "07:00"]}, {"window": ["00:00", "07:00"]}, True),
    ({"window": ["18:00", "24:00"]}, {"window": ["18:00", "00:00"]}, True),
    ({"daypart": "night"}, {"window": ["23:00", "07:00"]}, True),
    ({"daypart": "morning", "window": ["09:00", "11:00"]}, {"daypart": "morning", "window": ["07:00", "12:00"]}, True),
    ({"daypart": "morning"}, {"daypart": "evening"}, False),
    ({"daypart": "morning"}, {}, False),
    ({}, {"window": ["09:00", "11:00"]}, False),
    ({}, {"window": None, "daypart": None}, True),
    ({"times": ["07:45"], "daypart": "morning"}, {"times": ["07:45"]}, True),
    ({"times": ["07:45"]}, {"times": ["07:45"], "daypart": "evening"}, False),
)

JUNK: tuple[object, ...] = (
    None, True, 0, -1, 1.5, float("inf"), 10**30, "", "x", "0000-00-00", "9999-12-31", "0001-01-01", "99:99",
    "\u0661\u0662:\u0660\u0660", [], [[]], [None], [{}], ["x"], [1, 2], ["07:00", "07:00"], {}, {"a": [1]},
    "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;COUNT=0", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=99", "FREQ=WEEKLY;BYDAY=XX",
    "FREQ=DAILY;UNTIL=soon", "FREQ=DAILY;UNTIL=20261399", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYWEEKNO=;BYDAY=TH", "DTSTART:20261123\nRRULE:FREQ=DAILY", "FREQ=DAILY;\x00",
)  # fmt: skip


def junk_answers(reading: Json) -> Iterator[object]:
    """The reading with junk in each of its places in turn."""
    needs = reading.get("needs") or []
    need_fields = "service rrule dtstart exdates times window daypart duration_minutes times_per_period preferences ask"
    target_fields = "service dates from until scope"
    for junk in JUNK:
        yield junk
        for name in ("act", "needs", "target", "ask", "error", "language"):
            yield reading | {name: junk}
        for name in target_fields.split():
            yield reading | {"target": {**(reading.get("target") or {}), name: junk}}
        for index, need in enumerate(needs):
            for name in need_fields.split():
                yield reading | {"needs": [*needs[:index], need | {name: junk}, *needs[index + 1 :]]}


def selftest(files: Mapping[str, Sequence[Json]], out: Callable[[str], object] = print) -> bool:
    """Test the scorer on its own rows and on those of files; True when all is well."""
    failures = 0

    def report(right: bool, text: str) -> None:
        nonlocal failures
        failures += not right
        out(f"{'ok  ' if right else 'FAIL'} {text}")

    start = date(2026, 11, 23)
    wrong_rules = []
    for pair in RULE_PAIRS:
        first, second = ({"rrule": pair[at], "dtstart": pair[at + 1]} for at in (0, 2))
        both = [needs_match(first, second, start, frozenset())]
        if horizon_end(first, start) == horizon_end(second, start):
            both.append(needs_match(second, first, start, frozenset()))
        if set(both) != {pair[4]}:
            wrong_rules.append(pair)
    report(not wrong_rules, f"{len(RULE_PAIRS)} pairs of rules told alike or apart {wrong_rules or ''}")
    wrong_windows = [
        pair for pair in WINDOW_PAIRS if {same_window(pair[0], pair[1]), same_window(pair[1], pair[0])} != {pair[2]}
    ]
    report(not wrong_windows, f"{len(WINDOW_PAIRS)} pairs of windows told alike or apart {wrong_windows or ''}")

    outcomes: dict[str, list[str]] = {trial.name: [] for trial in trials()}
    broken: set[str] = set()
    for name, rows in {"built-in rows": SELFTEST_ROWS, **files}.items():
        expected = read_expected(json.dumps(row) for row in rows)
        result = score(expected, {str(row["id"]): copy.deepcopy(row) for row in rows})
        worse = {
            language: sorted(found) for language, board in result.boards.items() if (found := worse_figures(board))
        }
        report(not worse, f"{name}: expected against itself is perfect ({len(rows)} rows) {worse or ''}")
        judged = 0
        try:
            for row in expected:
                for answer in junk_answers(row.reading):
                    line = json.dumps({**answer, "id": row.id} if isinstance(answer, dict) else answer)
                    answers, _ = read_answers([line])
                    list(show_wrong(score([row], answers), 1))
                    judged += 1
            report(True, f"{name}: {judged} answers with junk in them judged without a crash")
        except Exception as error:  # the test is that there is none
            report(False, f"{name}: {row.id}: {line}: {error!r}")
        for trial in trials():
            fault = run_trial(trial, rows)
            if fault or (fault is None and rows is SELFTEST_ROWS):
                broken.add(trial.name)
            outcomes[trial.name].append({None: "no row suits", "": "as it should"}.get(fault, fault or ""))
    out(f"corruptions, on {' and on '.join(['built-in rows', *files])}:")
    for trial in trials():
        effect = (
            f"worsens {', '.join(f.key for f in FIGURES if f.key in trial.worse)}" if trial.worse else "worsens nothing"
        )
        report(trial.name not in broken, f"{trial.name}: {effect} — {' / '.join(outcomes[trial.name])}")
    out(f"{'self-test failed: ' + str(failures) if failures else 'self-test passed'}")
    return not failures
