from __future__ import annotations

import pytest

from benchmarks.eval import load_reader
from benchmarks.readings import ours
from benchmarks.readings.result import score
from benchmarks.readings.tales import LONGEST, beside_tales, tales
from nlu.acts.files import read_yaml
from nlu.asides.learn import FOLDER


def test_each_short_request_is_told_with_a_tale_before_and_one_behind_it() -> None:
    rows = ours.load(ours.FILES[-1])
    found = {row.id: row for row in beside_tales(rows)}
    request = next(row for row in rows if row.reading["act"] == "book" and len(row.text) < LONGEST)
    told = tales()[request.language]
    before, behind = found[f"{request.id}-before"], found[f"{request.id}-behind"]
    assert any(before.text == f"{tale} {request.text[0].upper()}{request.text[1:]}" for tale in told["before"])
    assert behind.text.startswith(request.text)
    assert any(behind.text.endswith(tale) for tale in told["behind"])
    assert before.reading is request.reading
    assert not any(row.reading["act"] in ("emergency", "clarify") for row in found.values())
    assert {row.text for row in found.values()} == {row.text for row in beside_tales(rows)}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_tale_is_learnt_from(language: str) -> None:
    measured = {ours.plain(tale) for place in tales()[language].values() for tale in place}
    learnt = {
        ours.plain(text)
        for path in (FOLDER / language).glob("*.yml")
        for texts in read_yaml(path).values()
        for text in texts
    }
    assert len(measured) > 30
    assert not measured & learnt


def test_a_tale_changes_little_of_what_is_read() -> None:
    reader = load_reader()
    rows = [row for path in ours.FILES[:2] for row in ours.load(path)][::4]
    told = beside_tales(rows)
    plain = score(rows, ours.answers(rows, ours.by_model(reader))).boards["all"].tallies["need_f1"].share
    beside = score(told, ours.answers(told, ours.by_model(reader))).boards["all"].tallies["need_f1"].share
    assert plain is not None
    assert beside is not None
    assert beside > plain - 0.05
