"""The act of a message by logistic regression: trained with scikit-learn, kept and used as plain numpy arrays."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from nlu.acts.features import BLOCKS, features

Floats = npt.NDArray[np.float32]
_BLOCK_ORDER = "".join(BLOCKS)


@dataclass(frozen=True)
class Example:
    """One message to learn from, with what the care reader made of it; `group` holds variants of one sentence together."""

    text: str
    masked: str
    signals: Mapping[str, bool]
    act: str
    language: str
    group: str = ""
    weight: float = 1.0


class ActClassifier:
    """How likely each act is. It knows nothing of rules: `nlu.acts.decide` weighs its answer."""

    def __init__(self, acts: Sequence[str], names: Sequence[str], idf: Floats, weights: Floats, bias: Floats) -> None:
        """Take the arrays as trained: `weights` has a row for each feature name and a column for each act."""
        self.acts = tuple(acts)
        self._names = list(names)
        self._column = {name: at for at, name in enumerate(self._names)}
        self._idf = idf
        self._weights = weights
        self._bias = bias
        blocks = np.array([_BLOCK_ORDER.index(name[0]) for name in self._names], dtype=np.intp)
        self._blocks = blocks

    @classmethod
    def train(cls, examples: Sequence[Example], *, strength: float = 30.0, rare: int = 2) -> ActClassifier:
        """Train on the examples; features in fewer than `rare` of them are left out. Raises ValueError on one act only."""
        from scipy.sparse import csr_matrix
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        found = [features(example.text, example.masked, example.signals) for example in examples]
        counts = Counter(name for one in found for name in one)
        names = sorted(name for name, count in counts.items() if count >= rare)
        idf = np.array([np.log((1 + len(found)) / (1 + counts[name])) + 1 for name in names], dtype=np.float32)
        acts = sorted({example.act for example in examples})
        empty = np.zeros((len(names), len(acts)), dtype=np.float32)
        model = cls(acts, names, idf, empty, np.zeros(len(acts), dtype=np.float32))
        rows = [model._values(one) for one in found]
        starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        matrix = csr_matrix(
            (np.concatenate([v for _, v in rows]), np.concatenate([c for c, _ in rows]), starts),
            shape=(len(rows), len(names)),
        )
        fitted = LogisticRegression(C=strength, max_iter=60, tol=1e-3, multi_class="multinomial", random_state=0)
        labels = [example.act for example in examples]
        with warnings.catch_warnings():
            # Stopping after max_iter is meant: further steps change no answer, and cost as much as those before.
            warnings.simplefilter("ignore", category=ConvergenceWarning)
            fitted.fit(matrix, labels, sample_weight=_balance(examples))
        if len(acts) < 3:
            raise ValueError("an act classifier needs at least three acts to tell apart")
        weights = np.ascontiguousarray(fitted.coef_.T, dtype=np.float32)
        return cls(acts, names, idf, weights, fitted.intercept_.astype(np.float32))

    def _values(self, found: set[str]) -> tuple[npt.NDArray[np.intp], Floats]:
        """The columns of the known features and their values: each kind of feature is scaled to its own length."""
        columns = np.array(sorted(self._column[name] for name in found if name in self._column), dtype=np.intp)
        values = self._idf[columns]
        blocks = self._blocks[columns]
        squares = np.bincount(blocks, weights=values * values, minlength=len(BLOCKS))
        scale = np.array(list(BLOCKS.values())) / np.sqrt(np.maximum(squares, 1e-9))
        return columns, (values * scale[blocks]).astype(np.float32)

    def predict(self, text: str, masked: str, signals: Mapping[str, bool]) -> dict[str, float]:
        """The probability of each act, the likeliest first."""
        columns, values = self._values(features(text, masked, signals))
        scores = values @ self._weights[columns] + self._bias
        odds = np.exp(scores - scores.max())
        odds /= odds.sum()
        order = np.argsort(-odds)
        return {self.acts[at]: float(odds[at]) for at in order}

    def save(self, target: Path | IO[bytes]) -> None:
        """Write the arrays as one compressed numpy file (no pickle in it)."""
        text = np.frombuffer("\n".join(self._names).encode(), dtype=np.uint8)
        acts = np.frombuffer("\n".join(self.acts).encode(), dtype=np.uint8)
        half = self._weights.astype(np.float16)
        np.savez_compressed(target, names=text, acts=acts, idf=self._idf, weights=half, bias=self._bias)

    @classmethod
    def load(cls, source: Path | IO[bytes]) -> ActClassifier:
        """Read what `save` wrote; raises OSError or ValueError when it is not that."""
        with np.load(source, allow_pickle=False) as arrays:
            fields: Mapping[str, Any] = {name: arrays[name] for name in ("names", "acts", "idf", "weights", "bias")}
        names = fields["names"].tobytes().decode().split("\n")
        acts = fields["acts"].tobytes().decode().split("\n")
        return cls(acts, names, fields["idf"], fields["weights"].astype(np.float32), fields["bias"])


def _balance(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Weights by which a rare act counts more (with the square root, so that its few sentences do not rule)."""
    counts = Counter(example.act for example in examples)
    mean = len(examples) / len(counts)
    return np.array([example.weight * (mean / counts[example.act]) ** 0.5 for example in examples])
