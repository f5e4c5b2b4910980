from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest

from nlu.acts.classifier import ActClassifier, Example

SENTENCES = {
    "greet": ["hallo daar", "hallo", "goedemorgen", "hallo goedemorgen", "goedemorgen daar"],
    "payment": ["wat kost het", "wat kost dat", "hoeveel kost het", "de factuur klopt niet", "waar is de factuur"],
    "human": ["ik wil een mens", "een mens spreken", "mag ik een mens", "ik wil een mens spreken", "geef mij een mens"],
}


def examples() -> Sequence[Example]:
    return [Example(text, text, {}, act, "nl") for act, texts in SENTENCES.items() for text in texts]


@pytest.fixture(scope="module")
def trained() -> ActClassifier:
    return ActClassifier.train(examples(), rare=1)


@pytest.mark.parametrize(
    ("text", "act"), [("hallo hallo", "greet"), ("wat kost de factuur", "payment"), ("een mens graag", "human")]
)
def test_the_likeliest_act_stands_first(trained: ActClassifier, text: str, act: str) -> None:
    likely = trained.predict(text, text, {})
    assert next(iter(likely)) == act
    assert sum(likely.values()) == pytest.approx(1)
    assert list(likely.values()) == sorted(likely.values(), reverse=True)


def test_what_is_saved_answers_the_same(trained: ActClassifier) -> None:
    file = io.BytesIO()
    trained.save(file)
    file.seek(0)
    loaded = ActClassifier.load(file)
    for example in examples():
        before = trained.predict(example.text, example.masked, {})
        after = loaded.predict(example.text, example.masked, {})
        assert after == pytest.approx(before, abs=2e-3)


def test_training_twice_gives_the_same(trained: ActClassifier) -> None:
    again = ActClassifier.train(examples(), rare=1)
    assert again.predict("mens", "mens", {}) == pytest.approx(trained.predict("mens", "mens", {}), abs=1e-6)


def test_no_pickle_is_read() -> None:
    file = io.BytesIO()
    np.savez(file, names=np.array([{"evil": 1}], dtype=object))
    file.seek(0)
    with pytest.raises((ValueError, KeyError)):
        ActClassifier.load(file)


def test_a_text_without_known_features_is_judged(trained: ActClassifier) -> None:
    assert set(trained.predict("", "", {})) == set(SENTENCES)


def test_two_acts_are_too_few() -> None:
    with pytest.raises(ValueError, match="at least 3 acts"):
        ActClassifier.train([one for one in examples() if one.act != "human"])
