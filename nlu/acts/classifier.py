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
_FEWEST_ACTS = 3


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
    def train(cls, examples: Sequence[Example], *, strength: float = 8.0, rare: int = 3) -> ActClassifier:
        """Train on the examples; features in fewer than `rare` of them are left out.

        `strength` is the inverse of the regularisation. Raises ValueError on fewer than three acts.
        """
        from scipy.sparse import csr_matrix
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        numbers: dict[str, int] = {}
        found = [
            np.fromiter(
                (numbers.setdefault(name, len(numbers)) for name in features(one.text, one.masked, one.signals)),
                np.intp,
            )
            for one in examples
        ]
        counts = np.bincount(np.concatenate(found), minlength=len(numbers))
        names = sorted(name for name, number in numbers.items() if counts[number] >= rare)
        kept = np.full(len(numbers), -1, dtype=np.intp)
        kept[[numbers[name] for name in names]] = np.arange(len(names))
        idf = (np.log((1 + len(found)) / (1 + counts[[numbers[name] for name in names]])) + 1).astype(np.float32)
        acts = sorted({example.act for example in examples})
        if len(acts) < _FEWEST_ACTS:
            raise ValueError(f"an act classifier needs at least {_FEWEST_ACTS} acts to tell apart")
        empty = np.zeros((len(names), len(acts)), dtype=np.float32)
        model = cls(acts, names, idf, empty, np.zeros(len(acts), dtype=np.float32))
        rows = [model._values(np.sort(kept[one][kept[one] >= 0])) for one in found]
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
        weights = np.ascontiguousarray(fitted.coef_.T, dtype=np.float32)
        return cls(acts, names, idf, weights, fitted.intercept_.astype(np.float32))

    def _values(self, columns: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.intp], Floats]:
        """The columns with their values: each kind of feature is scaled to its own length."""
        values = self._idf[columns]
        blocks = self._blocks[columns]
        squares = np.bincount(blocks, weights=values * values, minlength=len(BLOCKS))
        scale = np.array(list(BLOCKS.values())) / np.sqrt(np.maximum(squares, 1e-9))
        return columns, (values * scale[blocks]).astype(np.float32)

    def predict(self, text: str, masked: str, signals: Mapping[str, bool]) -> dict[str, float]:
        """The probability of each act, the likeliest first."""
        known = (self._column.get(name) for name in features(text, masked, signals))
        columns, values = self._values(np.array(sorted(at for at in known if at is not None), dtype=np.intp))
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
