from __future__ import annotations

import io

import numpy as np
import pytest

from nlu.acts.danger import DangerClassifier, DangerExample

DANGER = [
    "ik kan niet ademen",
    "mijn man ademt niet",
    "ik ben net gevallen",
    "er is brand",
    "ik ruik gas",
    "hij bloedt",
]
CALM = [
    "wie komt er morgen",
    "graag de ramen",
    "ik ben vorig jaar gevallen",
    "de gasrekening klopt niet",
    "elke dag hulp",
]


@pytest.fixture(scope="module")
def trained() -> DangerClassifier:
    rows = [DangerExample(text, danger) for danger, texts in ((True, DANGER), (False, CALM)) for text in texts]
    return DangerClassifier.train(rows, rare=1)


def test_danger_has_positive_log_odds(trained: DangerClassifier) -> None:
    assert all(trained.log_odds(text) > 0 for text in DANGER)
    assert all(trained.log_odds(text) < 0 for text in CALM)


def test_a_cry_is_heard_within_a_request(trained: DangerClassifier) -> None:
    heard = trained.hear("graag elke dag hulp, wie komt er morgen, en ik kan niet ademen")
    assert heard.worst > heard.mean
    assert heard.worst == pytest.approx(trained.log_odds("en ik kan niet ademen"))


@pytest.mark.parametrize("text", ["ik ruik gas", "", "brand!", "ja, nee"])
def test_one_clause_is_the_whole(trained: DangerClassifier, text: str) -> None:
    heard = trained.hear(text)
    assert heard.whole == heard.worst == heard.mean


def test_what_is_saved_hears_the_same(trained: DangerClassifier) -> None:
    file = io.BytesIO()
    trained.save(file)
    file.seek(0)
    assert DangerClassifier.load(file).hear(DANGER[0]) == trained.hear(DANGER[0])


def test_no_pickle_is_read() -> None:
    file = io.BytesIO()
    np.savez(file, names=np.array([{"evil": 1}], dtype=object))
    file.seek(0)
    with pytest.raises((ValueError, KeyError)):
        DangerClassifier.load(file)


def test_danger_alone_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="class"):
        DangerClassifier.train([DangerExample(text, True) for text in DANGER], rare=1)
