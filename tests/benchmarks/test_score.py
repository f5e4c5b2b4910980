"""The scorer tests itself, and the evaluation set is such as it can score."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.eval import unseen
from benchmarks.readings import ours
from benchmarks.readings.result import score
from benchmarks.readings.score import main
from benchmarks.readings.selftest import selftest
from benchmarks.readings.trials import SELFTEST_ROWS


def test_the_scorer_tests_itself() -> None:
    told: list[str] = []
    assert selftest({}, told.append)
    assert told[-1] == "self-test passed"


def test_a_broken_scorer_would_not_pass() -> None:
    spoiled = [dict(row) for row in SELFTEST_ROWS]
    spoiled[0] = {**spoiled[0], "needs": [{"service": "walk", "rrule": "FREQ=DAILY", "dtstart": "2026-11-23"}] * 2}
    rows = ours.load(ours.FILES[-1])
    result = score(rows, {row.id: dict(spoiled[0]) for row in rows})
    assert result.boards["all"].tallies["exact_rate"].hits < len(rows) / 2


@pytest.mark.parametrize("path", ours.FILES, ids=lambda path: path.stem)
def test_expected_against_itself_is_perfect(path: Path) -> None:
    rows = ours.load(path)
    result = score(rows, {row.id: row.reading for row in rows})
    assert not [judgement.faults for _, _, judgement in result.judgements if judgement.faults]


def test_the_evaluation_set_is_large_enough_without_what_was_trained_on() -> None:
    sets = {path.stem: ours.load(path) for path in ours.FILES[:3]}
    known = ours.trained_texts()
    left = [row for rows in unseen(sets, known).values() for row in rows]
    assert len(left) >= 400
    # Set phrases coincide; more than a few would mean that the two were not written apart.
    assert len(left) >= 0.95 * sum(len(rows) for rows in sets.values())


def test_a_sentence_is_known_again_without_capitals_and_marks() -> None:
    row = ours.load(ours.FILES[0])[0]
    assert unseen({"one": [row]}, {ours.plain(row.text.upper() + "!!")}) == {"one": []}
    assert unseen({"one": [row]}, set()) == {"one": [row]}


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.jsonl"
    expected = ours.FILES[-1]
    answers.write_text(expected.read_text(encoding="utf-8"), encoding="utf-8")
    assert main([str(expected), str(answers)]) == 0
    assert "exact reading" in capsys.readouterr().out
    answers.write_text("", encoding="utf-8")
    assert main([str(answers), str(answers)]) == 2
    assert "no rows" in capsys.readouterr().err
