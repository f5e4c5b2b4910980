from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlu.acts.files import read_yaml
from nlu.asides.learn import FOLDER, TOLD, seen
from nlu.packs import load

READINGS = Path(__file__).parents[2] / "data"


def lists(language: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {TOLD: [], "meant": []}
    for path in sorted((FOLDER / language).glob("*.yml")):
        for name, texts in read_yaml(path).items():
            found[name] += [" ".join(text.casefold().split()).rstrip(".") for text in texts]
    return found


def test_a_sentence_that_tells_is_learnt_clause_by_clause_too() -> None:
    text = "My hip is bad, so I sit a lot. I rise at 7."
    rows = list(seen(text, True, 1.0, load("en")))
    assert [" ".join(row.words) for row in rows] == [
        "my hip is bad , so i sit a lot .",
        "i rise at 7 .",
        "my hip is bad ,",
        "so i sit a lot .",
    ]
    assert all(row.told for row in rows)
    assert rows[2].weight < rows[0].weight
    assert any("CLOCK" in word for word in rows[1].masked)


def test_what_carries_something_is_learnt_whole() -> None:
    rows = list(seen("On Sundays, when my son is here, nobody.", False, 0.5, load("en")))
    assert [(row.told, row.weight) for row in rows] == [(False, 0.5)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_sentence_is_both_told_and_meant(language: str) -> None:
    found = lists(language)
    assert len(found[TOLD]) > 2000
    assert len(found["meant"]) > 2000
    assert not set(found[TOLD]) & set(found["meant"])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_measured_on_is_not_learnt_from(language: str) -> None:
    rows = (READINGS / f"readings_{language}.jsonl").read_text(encoding="utf-8").splitlines()
    measured = {" ".join(json.loads(row)["text"].casefold().split()).rstrip(".") for row in rows}
    found = lists(language)
    assert not measured & {*found[TOLD], *found["meant"]}
