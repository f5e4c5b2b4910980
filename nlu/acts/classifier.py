"""The act of a message by logistic regression: trained with scikit-learn, kept and used as plain numpy arrays."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nlu.acts.features import BLOCKS, features
from nlu.acts.space import FeatureSpace, Floats, pack_names, unpack_names

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

RARE = 5
"""Features in fewer examples than this are left out: half of all, and nothing is read worse without them."""

_FEWEST_ACTS = 3
_STRENGTH = 8.0
_STEPS = 60


@dataclass(frozen=True)
class Example:
    """One message to learn from, as the care reader saw it; `group` holds the variants of one sentence together."""

    text: str
    masked: str
    signals: Mapping[str, bool]
    act: str
    language: str
    group: str = ""
    weight: float = 1.0


class ActClassifier:
    """How likely each act is. It knows nothing of rules: `nlu.acts.decide` weighs its answer."""

    def __init__(self, acts: Sequence[str], space: FeatureSpace, weights: Floats, bias: Floats) -> None:
        """Take the arrays as trained: `weights` has a row for each feature and a column for each act."""
        self.acts = tuple(acts)
        self._space = space
        self._weights = weights
        self._bias = bias

    @classmethod
    def train(cls, examples: Sequence[Example], *, rare: int = RARE) -> ActClassifier:
        """Train on the examples; features in fewer than `rare` of them are left out.

        Raises ValueError on fewer than three acts.
        """
        if len({example.act for example in examples}) < _FEWEST_ACTS:
            raise ValueError(f"an act classifier needs at least {_FEWEST_ACTS} acts to tell apart")
        texts = (features(one.text, one.masked, one.signals) for one in examples)
        space, matrix = FeatureSpace.fitted(texts, BLOCKS, rare=rare)
        fitted = regression(matrix, examples)
        weights = np.ascontiguousarray(fitted.coef_.T, dtype=np.float32)
        return cls([str(act) for act in fitted.classes_], space, weights, fitted.intercept_.astype(np.float32))

    def predict(self, text: str, masked: str, signals: Mapping[str, bool]) -> dict[str, float]:
        """The probability of each act, the likeliest first."""
        columns, values = self._space.values(features(text, masked, signals))
        scores = values @ self._weights[columns] + self._bias
        odds = np.exp(scores - scores.max())
        odds /= odds.sum()
        order = np.argsort(-odds)
        return {self.acts[at]: float(odds[at]) for at in order}

    def save(self, target: Path | IO[bytes]) -> None:
        """Write the arrays as one compressed numpy file (no pickle in it)."""
        names, acts = pack_names(self._space.names), pack_names(self.acts)
        half = self._weights.astype(np.float16)
        np.savez_compressed(target, names=names, acts=acts, idf=self._space.idf, weights=half, bias=self._bias)

    @classmethod
    def load(cls, source: Path | IO[bytes]) -> ActClassifier:
        """Read what `save` wrote; raises OSError or ValueError when it is not that."""
        with np.load(source, allow_pickle=False) as arrays:
            fields: Mapping[str, Any] = {name: arrays[name] for name in ("names", "acts", "idf", "weights", "bias")}
        space = FeatureSpace(unpack_names(fields["names"]), fields["idf"], BLOCKS)
        return cls(unpack_names(fields["acts"]), space, fields["weights"].astype(np.float32), fields["bias"])


def regression(matrix: csr_matrix, examples: Sequence[Example]) -> LogisticRegression:
    """The regression of the examples' acts on their rows of the matrix."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=_STRENGTH, max_iter=_STEPS, tol=1e-3, multi_class="multinomial", random_state=0)
    with warnings.catch_warnings():
        # Stopping after so many steps is meant: further ones change no answer, and cost as much as those before.
        warnings.simplefilter("ignore", category=ConvergenceWarning)
        return fitted.fit(matrix, [example.act for example in examples], sample_weight=_balance(examples))


def _balance(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Weights by which a rare act counts more (with the square root, so that its few sentences do not rule)."""
    counts = Counter(example.act for example in examples)
    mean = len(examples) / len(counts)
    return np.array([example.weight * (mean / counts[example.act]) ** 0.5 for example in examples])
