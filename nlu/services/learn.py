"""From the written examples to a trained service classifier."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.services.classifier import ServiceClassifier
from nlu.services.examples import LANGUAGES, Example, catalogue_words, framed, vocabulary, written

SURE = {"nl": 0.74, "en": 0.77}
"""From here on a guess is believed: the lowest value at which 95 of 100 are right on unseen examples without any word
of the catalogue, which are what it is asked about.

Measured by `python -m nlu.services.evaluate`, which names the values to put here.
"""

MODEL_FILE = "services.npz"
"""The file of the service classifier inside a trained model."""


def enlarged(examples: Sequence[Example], language: str) -> list[Example]:
    """The examples of a language with all that is made from them, and the words that go with the services.

    A word of the catalogue that an example gives to another service is left out: the examples say what is meant today.
    """
    owners = {example.text: example.service for example in examples}
    words = [word for word in catalogue_words(language) if owners.get(word.text, word.service) == word.service]
    return [*examples, *framed(examples, language), *words, *vocabulary(language)]


def learn(examples: Sequence[Example] | None = None) -> ServiceClassifier:
    """Train on the written examples of all languages, or on these."""
    known = [one for language in LANGUAGES for one in written(language)] if examples is None else examples
    rows = [
        one
        for language in LANGUAGES
        for one in enlarged([example for example in known if example.language == language], language)
    ]
    return ServiceClassifier.train(rows, sure=SURE)
