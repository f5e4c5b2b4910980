"""From sentences to a trained act classifier."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from care.clock import TZ
from nlu.acts.classifier import ActClassifier, Example
from nlu.care_reader import CareReader
from nlu.services.examples import NONE, framed
from nlu.services.examples import written as services_of
from nlu.training.generate import Sentence, generated, languages, with_noise

MOMENT = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
"""The moment at which training sentences are taken to be said; the act must not depend on it."""

SEED = 20261123
PER_TEMPLATE = 10
REQUESTS = 700
"""How many requests are made of the examples of the services in each language."""
_GENERATED_WEIGHT = 0.5


def templated(*, per_template: int = PER_TEMPLATE, seed: int = SEED) -> list[Sentence]:
    """What the templates of all languages give."""
    return [one for language in languages() for one in generated(language, per_template=per_template, seed=seed)]


def requested(language: str, count: int = REQUESTS, *, seed: int = SEED) -> list[Sentence]:
    """Requests made of the examples of the services: what people ask for is more varied than what templates say."""
    examples = [one for one in services_of(language) if one.service != NONE]
    asked = [
        Sentence(made.text, "book", language, f"{language}:book:{example.text}")
        for example, made in zip(examples, framed(examples, language, seed), strict=False)
        if len(made.text.split()) > len(example.text.split()) + 1
    ]
    rng = random.Random(f"{seed}-{language}")  # noqa: S311 (sentences, not secrets)
    return rng.sample(asked, min(count, len(asked)))


def enlarged(
    sentences: Sequence[Sentence], made: Sequence[Sentence] | None = None, *, seed: int = SEED
) -> list[Sentence]:
    """The sentences with a noisy copy of each, and those `made` from templates and services (by default all)."""
    return [*sentences, *with_noise(sentences, seed=seed), *(all_made(seed=seed) if made is None else made)]


def all_made(*, seed: int = SEED) -> list[Sentence]:
    """What is made from the templates and from the services of all languages."""
    return [*templated(seed=seed), *(one for language in languages() for one in requested(language, seed=seed))]


def is_templated(sentence: Sentence) -> bool:
    """Whether the sentence was made from a template: its group is then named after language, act and template."""
    return sentence.group.startswith(f"{sentence.language}:{sentence.act}:")


def examples(sentences: Iterable[Sentence], care: CareReader) -> Iterator[Example]:
    """What the act classifier learns from: each sentence as the care reader sees it."""
    for one in sentences:
        readout = care.read(one.text, one.language, MOMENT)
        weight = _GENERATED_WEIGHT if is_templated(one) else 1.0
        yield Example(one.text, readout.masked, readout.signals or {}, one.act, one.language, one.group, weight)


def learn(
    sentences: Sequence[Sentence], care: CareReader | None = None, made: Sequence[Sentence] | None = None
) -> ActClassifier:
    """Train on the written sentences and those `made` from templates (by default all there are)."""
    return ActClassifier.train(list(examples(enlarged(sentences, made), care or CareReader())))
