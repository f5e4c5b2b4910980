"""Does this sound like someone in danger now? A classifier for that question alone, beside the phrases.

It learns from what every other part learns from and from `nlu/training/dangers/`, where the same mishaps are told as
happening, as long past, as feared, as read in the paper and as figures of speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from nlu.acts.features import word_features
from nlu.acts.space import FeatureSpace, Floats, pack_names, unpack_names
from nlu.acts.text import cuts

BLOCKS: dict[str, float] = {"w": 1.5, "c": 1.0, "k": 0.8}
"""The kinds of feature with their weights: whole words tell more of danger than groups of letters."""

_CLAUSE_WORDS = 3
_MOST_CLAUSES = 40


@dataclass(frozen=True)
class DangerExample:
    """A text with whether someone is in danger now, and how much it counts."""

    text: str
    danger: bool
    weight: float = 1.0


@dataclass(frozen=True)
class Heard:
    """How much a text sounds like danger, as log odds: the whole, its most alarming clause, and the clauses' mean.

    A text of one clause has the same value three times.
    """

    whole: float
    worst: float
    mean: float


class DangerClassifier:
    """Logistic regression over the words of a text; used as plain numpy arrays. Safe to share by threads."""

    def __init__(self, space: FeatureSpace, weights: Floats, bias: float) -> None:
        """Take the arrays as trained: a weight for each feature."""
        self._space = space
        self._weights = weights
        self._bias = bias

    @classmethod
    def train(cls, examples: Sequence[DangerExample], *, strength: float = 8.0, rare: int = 3) -> DangerClassifier:
        """Train on the examples; features in fewer than `rare` of them are left out.

        `strength` is the inverse of the regularisation. Raises ValueError when all examples are danger, or none is.
        """
        from sklearn.linear_model import LogisticRegression

        space, matrix = FeatureSpace.fitted((word_features(one.text) for one in examples), BLOCKS, rare=rare)
        dangers = np.array([one.danger for one in examples])
        counted = np.array([one.weight for one in examples])
        fitted = LogisticRegression(C=strength, solver="liblinear", dual=True, max_iter=100, tol=1e-2, random_state=0)
        # Danger counts double: to miss it costs more than to ask once too often.
        fitted.fit(matrix, dangers, sample_weight=np.where(dangers, 2 * counted, counted))
        return cls(space, fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0]))

    def log_odds(self, text: str) -> float:
        """The log odds that the text, taken alone, is of someone in danger."""
        columns, values = self._space.values(word_features(text))
        return float(values @ self._weights[columns]) + self._bias

    def hear(self, text: str, known: dict[str, float] | None = None) -> Heard:
        """How much the text and each of its clauses sounds like danger: a cry must not drown in a request.

        `known` keeps the odds of what was heard before, for texts that share their clauses.
        """
        memory = {} if known is None else known

        def odds(part: str) -> float:
            if part not in memory:
                memory[part] = self.log_odds(part)
            return memory[part]

        parts = [part for part in cuts(text) if len(part.split()) >= _CLAUSE_WORDS][:_MOST_CLAUSES]
        if len(parts) < 2:
            alone = odds(text)
            return Heard(alone, alone, alone)
        each = [odds(part) for part in parts]
        return Heard(odds(text), max(each), sum(each) / len(each))

    def save(self, target: Path | IO[bytes]) -> None:
        """Write the arrays as one compressed numpy file (no pickle in it)."""
        np.savez_compressed(
            target,
            names=pack_names(self._space.names),
            idf=self._space.idf,
            weights=self._weights,
            bias=np.array(self._bias),
        )

    @classmethod
    def load(cls, source: Path | IO[bytes]) -> DangerClassifier:
        """Read what `save` wrote; raises OSError, ValueError or KeyError when it is not that."""
        with np.load(source, allow_pickle=False) as arrays:
            space = FeatureSpace(unpack_names(arrays["names"]), arrays["idf"], BLOCKS)
            return cls(space, arrays["weights"], float(arrays["bias"]))
