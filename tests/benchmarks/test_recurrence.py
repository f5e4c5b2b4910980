"""The recurrence sentences, and how answers to them are told right, wrong or absent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import pytest

from benchmarks.readings.compare import horizon_end, occurrence_dates
from benchmarks.readings.figures import Json
from benchmarks.readings.isolated import NotAvailableError, Peer
from benchmarks.readings.recurrence import first_date, load, ours, outcome, table, theirs
from nlu.care_reader import CareReader

NOW = datetime(2026, 5, 13, 10, 0)
TUESDAYS: Json = {
    "id": "1", "lang": "en", "text": "bins every Tuesday at 7pm", "phrase": "every Tuesday at 7pm",
    "now": NOW.isoformat(), "rrule": "FREQ=WEEKLY;BYDAY=TU", "dtstart": "2026-05-19", "times": ["19:00"],
}  # fmt: skip


def test_the_file_has_enough_of_each_kind() -> None:
    counts = Counter((row["lang"], row["rrule"] is None) for row in load())
    assert counts["nl", False] >= 60
    assert counts["en", False] >= 60
    assert counts["nl", True]
    assert counts["en", True]


@pytest.mark.parametrize("row", load(), ids=lambda row: row["id"])
def test_each_row_holds_together(row: Json) -> None:
    now, start = date.fromisoformat(row["now"][:10]), date.fromisoformat(row["dtstart"])
    assert row["phrase"] in row["text"]
    dates = occurrence_dates(row, now, horizon_end(row, now))
    assert dates
    assert min(dates) == start
    excluded = {date.fromisoformat(day) for day in row.get("exdates", [])}
    assert not excluded & dates
    without = {name: value for name, value in row.items() if name != "exdates"}
    assert excluded <= (occurrence_dates(without, now, horizon_end(row, now)) or frozenset())


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ([{"rrule": "FREQ=WEEKLY;BYDAY=TU", "dtstart": None, "times": ["19:00"]}], "right"),
        ([{"rrule": "FREQ=WEEKLY;BYDAY=TU;BYHOUR=19", "dtstart": "2026-05-19"}], "right"),
        ([{"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "dtstart": None}], "wrong"),
        ([{"rrule": None, "dtstart": "2026-05-19"}], "wrong"),
        ([{"rrule": "FREQ=SOMETIMES", "dtstart": None}], "wrong"),
        ([{"rrule": "FREQ=WEEKLY;BYDAY=TU", "dtstart": None}] * 2, "wrong"),
        ([{"rrule": None, "dtstart": None}], "none"),
        ([], "none"),
    ],
)
def test_outcome(answers: Sequence[Json], result: str) -> None:
    assert outcome(TUESDAYS, answers) == result


def test_a_rule_without_a_start_begins_with_its_first_date() -> None:
    assert first_date("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", NOW, []) == date(2026, 5, 19)
    assert first_date("FREQ=WEEKLY;BYDAY=WE", NOW, ["11:00"]) == date(2026, 5, 13)
    assert first_date("FREQ=WEEKLY;BYDAY=WE", NOW, ["08:00"]) == date(2026, 5, 20)
    assert first_date("FREQ=NEVER", NOW, []) is None


def test_our_line_counts_dates_and_clock_times() -> None:
    column = ours(CareReader(), [TUESDAYS], "phrase", "ours").columns["recurring", "en"]
    assert column.summary() == {"right": 1, "none": 0, "wrong": 0, "rows": 1, "clock": [1, 1]}


def test_a_library_that_is_not_there_says_so_and_the_others_go_on() -> None:
    def run(peer: Peer, rows: Sequence[Json]) -> dict[str, Json]:
        if peer.name == "recurrent":
            raise NotAvailableError("uv was not found")
        answer = {"rrule": "FREQ=WEEKLY;BYDAY=TU", "dtstart": None, "exdates": [], "times": ["07:00"], "ms": 1.5}
        return {row["id"]: answer for row in rows}

    told: list[str] = []
    entries = theirs([TUESDAYS], run, tell=told.append)
    assert [entry.available for entry in entries] == [False, True, True]
    assert entries[1].summary()["recurring_en"] == {"right": 1, "none": 0, "wrong": 0, "rows": 1, "clock": [0, 1]}
    text = table(entries)
    assert "not available: uv was not found" in text
    assert "100.0 %" in text
    assert len(told) == 3
