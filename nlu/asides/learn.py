"""From written sentences to a trained classifier of asides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nlu.acts.files import read_yaml
from nlu.asides.classifier import AsideClassifier, Example
from nlu.grammar.asides import CLAUSE_MARKS, spans
from nlu.grammar.items import find
from nlu.grammar.masks import masked
from nlu.packs import LANGUAGES, load
from nlu.packs.pack import Pack
from nlu.training.written import written

MODEL_FILE = "asides.npz"
"""The file of the classifier of asides inside a trained model."""

TOLD = "told"
"""Under this name stand the sentences that only tell; under `meant` those that carry something."""

FOLDER = Path(__file__).parent / "examples"
_MESSAGE_WEIGHT = 0.5
"""How much a whole message of one sentence counts beside what was written for this question."""
_CLAUSE_WEIGHT = 0.5
_MANNERS = frozenset({"greet", "goodbye", "help"})
"""Acts whose sentences say nothing beside a request."""


def seen(text: str, told: bool, weight: float, pack: Pack) -> Iterator[Example]:
    """An example of each sentence of a text, as the grammar sees it, and of each clause of one that only tells."""
    found = find(text, pack)
    sentences = spans(found)
    clauses = [span for span in spans(found, CLAUSE_MARKS) if told and span not in sentences]
    for row, counted in ((sentences, weight), (clauses, weight * _CLAUSE_WEIGHT)):
        for first, last in row:
            words = tuple(word.text for word in found.words[first:last])
            yield Example(words, tuple(masked(found, first, last)), told, counted)


def examples(language: str) -> list[Example]:
    """What is learnt in a language: sentences written for it, and the messages of one sentence, which all are meant."""
    pack = load(language)
    rows = [
        one
        for path in sorted((FOLDER / language).glob("*.yml"))
        for name, texts in read_yaml(path).items()
        for text in texts
        for one in seen(text, name == TOLD, 1.0, pack)
    ]
    for sentence in written(language):
        alone = list(seen(sentence.text, False, _MESSAGE_WEIGHT, pack)) if sentence.act not in _MANNERS else []
        rows += alone if len(alone) == 1 else []
    return rows


def learn(languages: Sequence[str] = LANGUAGES) -> AsideClassifier:
    """Train on the examples of these languages."""
    return AsideClassifier.train({language: examples(language) for language in languages})
