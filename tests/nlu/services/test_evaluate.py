from __future__ import annotations

import pytest

from nlu.services.classifier import ServiceClassifier
from nlu.services.evaluate import Judged, at, folds, lowest_threshold
from nlu.services.examples import LANGUAGES, NONE, Example, written
from nlu.services.learn import SURE, enlarged


def judged(service: str, got: str, sureness: float) -> Judged:
    return Judged(Example("iets", service, "nl"), got, sureness, plain=False)


ROWS = [*[judged("walk", "walk", 0.9)] * 20, judged("walk", "meals", 0.6), judged("none", "none", 0.99)]


def test_precision_and_coverage_count_only_what_is_guessed() -> None:
    assert at(0.7, ROWS) == {"precision": 1.0, "coverage": pytest.approx(20 / 21, abs=1e-4)}
    assert at(0.5, ROWS)["precision"] == pytest.approx(20 / 21, abs=1e-4)


def test_a_guess_where_no_service_was_meant_costs_precision() -> None:
    assert at(0.5, [judged("walk", "walk", 0.9), judged("none", "walk", 0.9)])["precision"] == 0.5


def test_the_lowest_threshold_is_precise_enough_from_there_on() -> None:
    assert lowest_threshold([*ROWS, judged("none", "walk", 0.61)]) == pytest.approx(0.61)
    assert lowest_threshold([judged("none", "walk", 0.995)]) == 1.0


def test_folds_keep_alike_examples_together_and_lose_none() -> None:
    examples = [Example(text, "walk", "nl") for text in ("een Ommetje", "ommetje een", "b", "c", "d", "e", "f")]
    tested = []
    for known, unseen in folds(examples, 3):
        assert not {one.text for one in known} & {one.text for one in unseen}
        assert ("een Ommetje" in {one.text for one in unseen}) == ("ommetje een" in {one.text for one in unseen})
        tested += unseen
    assert sorted(one.text for one in tested) == sorted(one.text for one in examples)


@pytest.mark.parametrize("language", LANGUAGES)
def test_guesses_on_unseen_examples_are_right_and_not_too_few(language: str) -> None:
    known, unseen = next(folds(written(language), 5))
    classifier = ServiceClassifier.train(enlarged(known, language), sure=SURE)
    asked = [one for one in unseen if one.service != NONE]
    guesses = [(one.service, guess[0]) for one in unseen if (guess := classifier.guess(one.text, language))]
    assert sum(wanted == got for wanted, got in guesses) >= 0.95 * len(guesses)
    assert len(guesses) >= 0.4 * len(asked)
