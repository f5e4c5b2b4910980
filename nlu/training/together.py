"""Training the classifiers of acts and of danger on both of a machine's cores."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from nlu.acts.classifier import ActClassifier, Example
from nlu.acts.danger import DangerClassifier
from nlu.care_reader import CareReader
from nlu.training.generate import Sentence
from nlu.training.learn import enlarged, examples
from nlu.training.learn_danger import learn_danger


def learn_together(
    sentences: Sequence[Sentence], care: CareReader, made: Sequence[Sentence] | None = None
) -> tuple[ActClassifier, DangerClassifier]:
    """The classifiers of acts and of danger, as `learn` and `learn_danger` make them from the same arguments.

    A second process reads half of the sentences and then learns danger, while this one reads the other half and learns
    acts: a third less waiting on two cores. It is started afresh, since the libraries around us have threads that a
    copy of this process would not survive.
    """
    rows = enlarged(sentences, made)
    middle = len(rows) // 2
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        rest = other.submit(_read, rows[middle:])
        danger = other.submit(learn_danger, list(sentences), made)
        acts = ActClassifier.train([*examples(rows[:middle], care), *rest.result()])
        return acts, danger.result()


def _read(rows: Sequence[Sentence]) -> list[Example]:
    return list(examples(rows, CareReader()))
