"""Does this sentence only tell, or does it carry what is asked? Logistic regression, used as plain numpy arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from nlu.acts.space import FeatureSpace, Floats, pack_names, unpack_names
from nlu.asides.features import BLOCKS, features

_ARRAYS = ("names", "idf", "weights", "bias")


@dataclass(frozen=True)
class Example:
    """One sentence, as the grammar sees it, with whether it only tells, and how much it counts."""

    words: tuple[str, ...]
    masked: tuple[str, ...]
    told: bool
    weight: float = 1.0


class LanguageModel:
    """Tells asides in one language."""

    def __init__(self, space: FeatureSpace, weights: Floats, bias: float) -> None:
        """Take the arrays as trained: a weight for each feature."""
        self.space = space
        self.weights = weights
        self.bias = bias

    @classmethod
    def train(cls, examples: Sequence[Example], *, strength: float, rare: int) -> LanguageModel:
        """Train on the examples; features in fewer than `rare` of them are left out.

        `strength` is the inverse of the regularisation. Raises ValueError when all examples only tell, or none does.
        """
        from sklearn.linear_model import LogisticRegression

        space, matrix = FeatureSpace.fitted((features(one.words, one.masked) for one in examples), BLOCKS, rare=rare)
        fitted = LogisticRegression(C=strength, solver="liblinear", dual=True, max_iter=200, tol=1e-2, random_state=0)
        fitted.fit(matrix, [one.told for one in examples], sample_weight=[one.weight for one in examples])
        return cls(space, fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0]))

    def log_odds(self, words: Sequence[str], masked: Sequence[str]) -> float:
        """The log odds that a sentence of these words only tells."""
        columns, values = self.space.values(features(words, masked))
        return float(values @ self.weights[columns]) + self.bias


class AsideClassifier:
    """Tells asides in every language it was trained on. Safe to share by threads."""

    def __init__(self, models: Mapping[str, LanguageModel]) -> None:
        """Take a model for each language."""
        self._models = dict(models)

    @classmethod
    def train(
        cls, examples: Mapping[str, Sequence[Example]], *, strength: float = 4.0, rare: int = 2
    ) -> AsideClassifier:
        """Train a model for each language of the examples; see `LanguageModel.train`."""
        return cls(
            {
                language: LanguageModel.train(own, strength=strength, rare=rare)
                for language, own in sorted(examples.items())
            }
        )

    def log_odds(self, words: Sequence[str], masked: Sequence[str], language: str) -> float:
        """The log odds that a sentence only tells; raises KeyError on another language."""
        return self._models[language].log_odds(words, masked)

    def save(self, target: Path | IO[bytes]) -> None:
        """Write all arrays as one compressed numpy file (no pickle in it)."""
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for language, model in self._models.items():
            values: tuple[npt.NDArray[np.generic], ...] = (
                pack_names(model.space.names),
                model.space.idf,
                model.weights,
                np.array(model.bias),
            )
            arrays.update({f"{language}.{name}": array for name, array in zip(_ARRAYS, values, strict=True)})
        np.savez_compressed(target, **arrays)

    @classmethod
    def load(cls, source: Path | IO[bytes]) -> AsideClassifier:
        """Read what `save` wrote; raises OSError, ValueError or KeyError when it is not that."""
        with np.load(source, allow_pickle=False) as file:
            models = {}
            for language in sorted({name.partition(".")[0] for name in file.files}):
                names, idf, weights, bias = (file[f"{language}.{name}"] for name in _ARRAYS)
                models[language] = LanguageModel(FeatureSpace(unpack_names(names), idf, BLOCKS), weights, float(bias))
        return cls(models)
