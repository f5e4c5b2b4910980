"""The classifiers that are compared for telling the act of a message, each behind the same two functions.

None of them gets the rules for emergencies and contradictions, so the figures say what the learning itself is worth.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from nlu.acts.classifier import RARE, ActClassifier, Example, regression
from nlu.acts.features import BLOCKS, features
from nlu.acts.space import FeatureSpace
from nlu.care_reader import CareReader
from nlu.training.generate import Sentence
from nlu.training.learn import SEED, examples

Guess = Callable[[Sequence[Sentence]], list[str]]
"""Gives the act of each sentence."""

Features = Callable[[Example], set[str]]

Pipeline = Callable[[str], Iterable[Any]]
"""Gives the words of a text with what is known of each, as a spaCy pipeline does."""


@dataclass(frozen=True)
class Contestant:
    """A classifier: `train` learns from sentences and gives what guesses."""

    name: str
    note: str
    train: Callable[[Sequence[Sentence]], Guess]


def light(care: CareReader) -> Contestant:
    """The one in use: words, letter groups, masked text and the reader's signals; logistic regression."""

    def train(known: Sequence[Sentence]) -> Guess:
        model = ActClassifier.train(list(examples(known, care)))

        def guess(sentences: Sequence[Sentence]) -> list[str]:
            seen = examples(sentences, care)
            return [next(iter(model.predict(one.text, one.masked, one.signals))) for one in seen]

        return guess

    return Contestant("light", "in use: word, letter, masked-text and signal features, logistic regression", train)


def light_with_spacy(care: CareReader, pipelines: Mapping[str, Pipeline] | None = None) -> Contestant:
    """The light one with what spaCy's blank pipelines know of each word: norm, shape, prefix, suffix and flags."""
    if pipelines is None:
        import spacy

        pipelines = {language: spacy.blank(language) for language in ("nl", "en")}

    def wider(example: Example) -> set[str]:
        return own_features(example) | spacy_features(pipelines[example.language](example.text))

    def train(known: Sequence[Sentence]) -> Guess:
        model = Linear.train(list(examples(known, care)), wider, {**BLOCKS, "p": 0.9})
        return lambda sentences: model.guess(list(examples(sentences, care)))

    note = "the same, with norm, shape, prefix, suffix and flags of spaCy's blank pipelines (which have no vectors)"
    return Contestant("light + spaCy", note, train)


def own_features(example: Example) -> set[str]:
    """The features of the classifier in use."""
    return features(example.text, example.masked, example.signals)


def spacy_features(words: Iterable[Any]) -> set[str]:
    """What spaCy tells of the words of a text without a trained pipeline; block `p`."""
    found: set[str] = set()
    for word in words:
        found |= {f"pn{word.norm_}", f"ps{word.shape_}", f"pp{word.prefix_}", f"pe{word.suffix_}"}
        flags = {"stop": word.is_stop, "number": word.like_num, "title": word.is_title, "mark": word.is_punct}
        found |= {f"pf{name}" for name, present in flags.items() if present}
    return found


class Linear:
    """The classifier in use over any features (the same weighting and regression), for trying others beside its own."""

    def __init__(self, space: FeatureSpace, fitted: Any, of: Features) -> None:
        """Keep what was learnt."""
        self._space, self._fitted, self._of = space, fitted, of

    @classmethod
    def train(cls, known: Sequence[Example], of: Features, blocks: dict[str, float]) -> Linear:
        """Learn; a feature's first letter names its block, and each block is scaled to its own length."""
        space, matrix = FeatureSpace.fitted((of(example) for example in known), blocks, rare=RARE)
        return cls(space, regression(matrix, known), of)

    def guess(self, unseen: Sequence[Example]) -> list[str]:
        """The likeliest act of each."""
        return [str(act) for act in self._fitted.predict(self._space.matrix(self._of(one) for one in unseen))]


def diet(epochs: int) -> Contestant:
    """Rasa's DIETClassifier without entities, on word and letter counts, with its own defaults otherwise."""
    # TensorFlow tells much that is not about us; loading it is not training, so it is done before the clock runs.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    import_module("rasa.nlu.classifiers.diet_classifier")
    note = "Rasa's DIETClassifier without entities, on word and letter counts, with its own defaults otherwise"
    return Contestant(f"DIET, {epochs} epochs", note, lambda known: _diet(known, epochs))


def _diet(known: Sequence[Sentence], epochs: int) -> Guess:
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    data = TrainingData([Message.build(one.text, intent=one.act) for one in known])
    with tempfile.TemporaryDirectory() as folder:
        tokenizer, *featurizers, classifier = pipeline = _rasa_pipeline(Path(folder), epochs)
        tokenizer.process_training_data(data)
        for featurizer in featurizers:
            featurizer.train(data)
            featurizer.process_training_data(data)
        classifier.train(data)

    def guess(sentences: Sequence[Sentence]) -> list[str]:
        messages = [Message.build(one.text) for one in sentences]
        for step in pipeline:
            messages = step.process(messages)
        return [message.get("intent")["name"] for message in messages]

    return guess


def _rasa_pipeline(folder: Path, epochs: int) -> list[Any]:
    """Tokenizer, featurizers and classifier, which keep what they learn in `folder`."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.nlu.classifiers.diet_classifier import DIETClassifier
    from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
    from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer

    parts: tuple[tuple[Any, dict[str, Any]], ...] = (
        (WhitespaceTokenizer, {}),
        (CountVectorsFeaturizer, {}),
        (CountVectorsFeaturizer, {"analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4}),
        (
            DIETClassifier,
            {"epochs": epochs, "entity_recognition": False, "constrain_similarities": True, "random_seed": SEED},
        ),
    )
    storage = LocalModelStorage(folder)
    context = ExecutionContext(GraphSchema({}), model_id="comparison")
    return [
        kind.create(kind.get_default_config() | config, storage, Resource(f"part {place}"), context)
        for place, (kind, config) in enumerate(parts)
    ]
