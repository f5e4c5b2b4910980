"""The evaluation's tables, on a few rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import eval as evaluation
from benchmarks.readings import ours
from benchmarks.readings.ours import Speed
from nlu.care_reader import CareReader


@pytest.fixture
def five_rows(tmp_path: Path) -> Path:
    lines = ours.FILES[-1].read_text(encoding="utf-8").splitlines()
    chosen = [line for line in lines if json.loads(line)["id"] in {"H03", "H04", "H06", "H31", "H34"}]
    path = tmp_path / "readings_few.jsonl"
    path.write_text("\n".join(chosen) + "\n", encoding="utf-8")
    return path


def test_tables_and_figures(five_rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "figures.json"
    asked = [str(five_rows), "--gold-acts", "--no-peers", "--no-recurrence", "--json", str(written)]
    assert evaluation.main(asked) == 0
    out = capsys.readouterr().out
    assert "need F1" in out
    assert "act accuracy" not in out  # the act was given, so its figure would say nothing
    assert "care-request reader alone" in out
    figures = json.loads(written.read_text(encoding="utf-8"))
    assert figures["readings"]["few"]["all"]["rows"] == 5
    assert figures["readings"]["few"]["en"]["rows"] == 3
    assert figures["speed"]["care-request reader alone"]["median_ms"] > 0


def test_a_mistake_in_a_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text('{"id": "1", "lang": "nl", "text": "x", "now": "2026-11-23", "act": "fly"}\n', encoding="utf-8")
    assert evaluation.main([str(path), "--gold-acts"]) == 2
    assert "unknown act" in capsys.readouterr().err


def test_a_goal_that_is_missed_is_marked(five_rows: Path) -> None:
    rows = ours.load(five_rows)
    perfect = evaluation.score(rows, {row.id: row.reading for row in rows})
    empty = evaluation.score(rows, {})
    right = evaluation.figures_table(evaluation.columns("few", perfect), gold_acts=False)
    wrong = evaluation.figures_table(evaluation.columns("few", empty), gold_acts=False)
    assert "!" not in right
    assert "! 0.0 %" in wrong


def test_noise_has_goals_of_its_own(five_rows: Path) -> None:
    rows = ours.load(five_rows)
    answers = {row.id: row.reading for row in rows if row.language == "nl"}
    result = evaluation.score(rows, answers)
    noisy = evaluation.figures_table(evaluation.columns("noise", result), gold_acts=False)
    act = next(line for line in noisy.splitlines() if line.startswith("act accuracy"))
    need = next(line for line in noisy.splitlines() if line.startswith("need F1"))
    assert "!" not in act
    assert "!" in need


def test_a_reader_that_breaks_is_a_wrong_reading(five_rows: Path) -> None:
    rows = ours.load(five_rows)

    def broken(row: object) -> dict[str, object]:
        raise RuntimeError("no")

    board = evaluation.score(rows, ours.answers(rows, broken)).boards["all"]
    assert board.unanswered == 5


def test_speed_marks_what_is_too_slow() -> None:
    table = evaluation.speed_table({"reader": (Speed(3.0, 4.0), Speed(2.0, 5.0))})
    assert "! 3.00" in table
    assert "! 4.00" not in table


def test_speed_counts_each_unseen_row_once(five_rows: Path) -> None:
    rows = ours.load(five_rows) * 10
    seen: list[str] = []
    speed = Speed.of(lambda row: seen.append(row.id), rows)
    assert len(seen) == 50
    assert 0 <= speed.median <= speed.p95


def test_gold_acts_keep_what_belongs_to_the_act(five_rows: Path) -> None:
    rows = {row.id: row for row in ours.load(five_rows)}
    answers = ours.answers(list(rows.values()), ours.by_gold_act(CareReader()))
    assert all(answers[name]["act"] == row.reading["act"] for name, row in rows.items())
    assert answers["H04"]["needs"] == []
    assert answers["H04"]["target"]["from"] == "2026-11-30"
