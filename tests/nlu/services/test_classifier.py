from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest

from nlu.services.classifier import ServiceClassifier
from nlu.services.examples import NONE, Example

TEXTS = {
    "odd_jobs": ["een lamp ophangen", "een lamp vervangen", "de kraan lekt", "de lamp is stuk"],
    "pet_care": ["de hond uitlaten", "mijn hond uitlaten", "de kat voeren", "mijn kat en mijn hond"],
    NONE: ["elke maandag", "iemand op maandag", "graag elke dag", "om tien uur graag"],
}


def examples() -> Sequence[Example]:
    return [Example(text, service, "nl") for service, texts in TEXTS.items() for text in texts]


@pytest.fixture(scope="module")
def trained() -> ServiceClassifier:
    return ServiceClassifier.train(examples(), sure={"nl": 0.6}, rare=1)


@pytest.mark.parametrize(("text", "service"), [("lamp ophangen", "odd_jobs"), ("mijn hondje uitlaten", "pet_care")])
def test_a_service_is_guessed(trained: ServiceClassifier, text: str, service: str) -> None:
    guess = trained.guess(text, "nl")
    assert guess is not None
    assert guess[0] == service
    assert 0.6 <= guess[1] <= 1
    assert guess[1] == pytest.approx(trained.likely(text, "nl")[service])


@pytest.mark.parametrize("text", ["elke maandag graag", "xyzzy plugh qwerty", ""])
def test_no_service_is_guessed_without_reason(trained: ServiceClassifier, text: str) -> None:
    assert trained.guess(text, "nl") is None


def test_the_likeliest_stands_first(trained: ServiceClassifier) -> None:
    likely = trained.likely("de kat", "nl")
    assert next(iter(likely)) == "pet_care"
    assert list(likely.values()) == sorted(likely.values(), reverse=True)
    assert 0 < sum(likely.values()) <= 1 + 1e-5


def test_unknown_words_make_less_sure(trained: ServiceClassifier) -> None:
    alone = trained.likely("lamp", "nl")["odd_jobs"]
    assert trained.likely("lamp xyzzy plugh qwerty", "nl")["odd_jobs"] < alone


def test_what_is_saved_answers_the_same(trained: ServiceClassifier) -> None:
    file = io.BytesIO()
    trained.save(file)
    file.seek(0)
    loaded = ServiceClassifier.load(file)
    for example in examples():
        before, after = trained.likely(example.text, "nl"), loaded.likely(example.text, "nl")
        assert after == pytest.approx(before, abs=2e-3)
        assert (loaded.guess(example.text, "nl") is None) == (trained.guess(example.text, "nl") is None)


def test_no_pickle_is_read() -> None:
    file = io.BytesIO()
    np.savez(file, **{"nl.names": np.array([{"evil": 1}], dtype=object)})
    file.seek(0)
    with pytest.raises(ValueError, match="pickle"):
        ServiceClassifier.load(file)


def test_another_language_is_refused(trained: ServiceClassifier) -> None:
    with pytest.raises(KeyError):
        trained.guess("die Lampe", "de")


def test_two_services_are_too_few() -> None:
    with pytest.raises(ValueError, match="at least 3 services"):
        ServiceClassifier.train([one for one in examples() if one.service != NONE], sure={"nl": 0.6})
