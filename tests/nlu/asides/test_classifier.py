from __future__ import annotations

import io

import pytest

from nlu.asides.classifier import AsideClassifier, Example


def example(text: str, told: bool) -> Example:
    words = tuple(text.split())
    return Example(words, words, told)


ROWS = [
    example(text, told)
    for text, told in (
        ("i rise at seven", True),
        ("my son lives in leeds", True),
        ("could somebody come on tuesday", False),
        ("help with showering please", False),
    )
    for _ in range(4)
]


@pytest.fixture(scope="module")
def trained() -> AsideClassifier:
    return AsideClassifier.train({"en": ROWS})


def odds(classifier: AsideClassifier, text: str, language: str = "en") -> float:
    return classifier.log_odds(text.split(), text.split(), language)


def test_a_tale_is_told_from_a_request(trained: AsideClassifier) -> None:
    assert odds(trained, "my son lives in york") > 0 > odds(trained, "could somebody help please")


def test_what_is_saved_answers_the_same(trained: AsideClassifier) -> None:
    file = io.BytesIO()
    trained.save(file)
    file.seek(0)
    assert odds(AsideClassifier.load(file), "i rise late") == pytest.approx(odds(trained, "i rise late"))


def test_another_language_is_refused(trained: AsideClassifier) -> None:
    with pytest.raises(KeyError):
        odds(trained, "ik sta om zeven uur op", "nl")


def test_both_kinds_are_needed() -> None:
    with pytest.raises(ValueError, match="class"):
        AsideClassifier.train({"en": [one for one in ROWS if one.told]})
