"""From the written examples to a trained service classifier."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.services.classifier import ServiceClassifier
from nlu.services.examples import LANGUAGES, Example, catalogue_words, framed, written

SURE = {"nl": 0.5, "en": 0.5}
"""From this probability on a guess is believed: the lowest at which 95 of 100 guesses are right on unseen examples.

Measured by `python -m nlu.services.evaluate`, which names the values to put here.
"""

MODEL_FILE = "services.npz"
"""The file of the service classifier inside a trained model."""


def enlarged(examples: Sequence[Example], language: str) -> list[Example]:
    """The examples of a language with all that is made from them, and the words of the catalogue."""
    return [*examples, *framed(examples, language), *catalogue_words(language)]


def learn(examples: Sequence[Example] | None = None) -> ServiceClassifier:
    """Train on the written examples of all languages, or on these."""
    known = [one for language in LANGUAGES for one in written(language)] if examples is None else examples
    rows = [
        one
        for language in LANGUAGES
        for one in enlarged([example for example in known if example.language == language], language)
    ]
    return ServiceClassifier.train(rows, sure=SURE)
