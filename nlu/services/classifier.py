"""The service of a piece of a request by logistic regression: trained with scikit-learn, used as plain numpy arrays."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from nlu.services.examples import NONE, Example
from nlu.services.features import BLOCKS, features, groups_of, phrases, said

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]
_BLOCK_ORDER = "".join(BLOCKS)
_ARRAYS = ("names", "services", "idf", "weights", "bias")
_FEWEST_SERVICES = 3
_WORDS_KEPT = 20_000
UNKNOWN = 1.0
"""How much an unknown feature counts in the length of a text, compared with the rarest known one."""


class LanguageModel:
    """How likely each service is in one language."""

    def __init__(
        self, services: Sequence[str], names: Sequence[str], idf: Floats, weights: Floats, bias: Floats
    ) -> None:
        """Take the arrays as trained: `weights` has a row for each feature name and a column for each service."""
        self.services = tuple(services)
        self._names = list(names)
        self._column = {name: at for at, name in enumerate(self._names)}
        self._idf = idf
        self._weights = weights
        self._bias = bias
        self._blocks: Places = np.array([_BLOCK_ORDER.index(name[0]) for name in self._names], dtype=np.intp)
        self._scale = np.array(list(BLOCKS.values()))
        self._groups = lru_cache(maxsize=_WORDS_KEPT)(self._groups_in)
        self._rarest = UNKNOWN * float(idf.max(initial=1.0)) ** 2

    @classmethod
    def train(cls, examples: Sequence[Example], *, strength: float, rare: int, steps: int) -> LanguageModel:
        """Train on the examples; features in fewer than `rare` of them are left out.

        `strength` is the inverse of the regularisation. Raises ValueError on fewer than three services.
        """
        from scipy.sparse import csr_matrix
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        services = sorted({example.service for example in examples})
        if len(services) < _FEWEST_SERVICES:
            raise ValueError(f"a service classifier needs at least {_FEWEST_SERVICES} services to tell apart")
        found = [features(example.text) for example in examples]
        counts = Counter(name for one in found for name in one)
        names = sorted(name for name, count in counts.items() if count >= rare)
        idf = np.array([np.log((1 + len(found)) / (1 + counts[name])) + 1 for name in names], dtype=np.float32)
        empty = np.zeros((len(names), len(services)), dtype=np.float32)
        model = cls(services, names, idf, empty, np.zeros(len(services), dtype=np.float32))
        rows = [model._values(example.text) for example in examples]
        starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        matrix = csr_matrix(
            (np.concatenate([v for _, v in rows]), np.concatenate([c for c, _ in rows]), starts),
            shape=(len(rows), len(names)),
        )
        # One question for each service ("is it this one?"): better on unseen words than one question for all, and
        # four times as fast to train.
        fitted = LogisticRegression(
            C=strength, solver="liblinear", dual=True, multi_class="ovr", max_iter=steps, tol=1e-2, random_state=0
        )
        with warnings.catch_warnings():
            # Stopping after so many steps is meant: further ones change no answer, and cost as much as those before.
            warnings.simplefilter("ignore", category=ConvergenceWarning)
            fitted.fit(matrix, [example.service for example in examples], sample_weight=_balance(examples))
        weights = np.ascontiguousarray(fitted.coef_.T, dtype=np.float32)
        return cls(services, names, idf, weights, fitted.intercept_.astype(np.float32))

    def _known(self, names: Iterable[str]) -> tuple[set[int], set[str]]:
        """The columns of features, and those features that have none."""
        column = self._column
        unknown = {name for name in names if name not in column}
        return {column[name] for name in names if name not in unknown}, unknown

    def _groups_in(self, word: str) -> tuple[set[int], set[str]]:
        return self._known(groups_of(word))

    def _values(self, text: str) -> tuple[Places, Floats]:
        """The columns of the known features of a text with their values: each kind is scaled to its own length.

        Unknown features count in that length as the rarest do: of a text that is mostly unknown little is believed.
        """
        found = said(text)
        known, unknown = self._known(phrases(found))
        for word in found:
            # Most words were met before, and their groups of letters are most of the features.
            more, others = self._groups(word)
            known |= more
            unknown |= others
        columns = np.fromiter(known, np.intp, len(known))
        columns.sort()
        values = self._idf[columns]
        blocks = self._blocks[columns]
        kinds = [name[0] for name in unknown]
        squares = np.array([kinds.count(block) * self._rarest for block in _BLOCK_ORDER])
        squares += np.bincount(blocks, weights=values * values, minlength=len(BLOCKS))
        scale = self._scale / np.sqrt(np.maximum(squares, 1e-9))
        return columns, (values * scale[blocks]).astype(np.float32)

    def odds(self, text: str) -> Floats:
        """How likely each of `services` is. They add up to 1 at most: what is missing is that none of them fits."""
        columns, values = self._values(text)
        scores = values @ self._weights[columns] + self._bias
        odds = 1 / (1 + np.exp(-scores))
        result: Floats = odds / max(1.0, float(odds.sum()))
        return result

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """What `from_arrays` makes this model of again; no pickle in it."""
        return {
            "names": np.frombuffer("\n".join(self._names).encode(), dtype=np.uint8),
            "services": np.frombuffer("\n".join(self.services).encode(), dtype=np.uint8),
            "idf": self._idf,
            "weights": self._weights.astype(np.float16),
            "bias": self._bias,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.generic]]) -> LanguageModel:
        """The model that `arrays` was called on; raises KeyError when one is missing."""
        names, services = (arrays[name].tobytes().decode().split("\n") for name in ("names", "services"))
        idf, weights, bias = (arrays[name].astype(np.float32) for name in ("idf", "weights", "bias"))
        return cls(services, names, idf, weights, bias)


class ServiceClassifier:
    """Guesses the service of a piece of a request, in every language it was trained on. Safe to share by threads."""

    def __init__(self, models: Mapping[str, LanguageModel], sure: Mapping[str, float]) -> None:
        """Take a model for each language, and from which probability on a guess in it is to be believed."""
        self._models = dict(models)
        self._sure = {language: float(sure[language]) for language in models}

    @classmethod
    def train(
        cls,
        examples: Sequence[Example],
        *,
        sure: Mapping[str, float],
        strength: float = 100.0,
        rare: int = 2,
        steps: int = 20,
    ) -> ServiceClassifier:
        """Train a model for each language of the examples; see `LanguageModel.train`."""
        languages = sorted({example.language for example in examples})
        by_language = {language: [one for one in examples if one.language == language] for language in languages}
        return cls(
            {
                language: LanguageModel.train(own, strength=strength, rare=rare, steps=steps)
                for language, own in by_language.items()
            },
            sure,
        )

    def likely(self, text: str, language: str) -> dict[str, float]:
        """How likely each service and `none` is, the likeliest first; together at most 1; KeyError as `guess`."""
        model = self._models[language]
        odds = model.odds(text).tolist()
        order = sorted(range(len(odds)), key=odds.__getitem__, reverse=True)
        return {model.services[at]: odds[at] for at in order}

    def guess(self, text: str, language: str) -> tuple[str, float] | None:
        """The service and how likely it is, from 0 to 1; None when none is likely enough or it sounds like no service.

        Give it the words of one need only: of two services in one text it names at most one. Raises KeyError on
        another language.
        """
        model = self._models[language]
        odds = model.odds(text)
        best = int(odds.argmax())
        service, sureness = model.services[best], float(odds[best])
        return None if service == NONE or sureness < self._sure[language] else (service, sureness)

    def save(self, target: Path | IO[bytes]) -> None:
        """Write all arrays as one compressed numpy file (no pickle in it)."""
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for language, model in self._models.items():
            arrays.update({f"{language}.{name}": array for name, array in model.arrays().items()})
            arrays[f"{language}.sure"] = np.array(self._sure[language])
        np.savez_compressed(target, **arrays)

    @classmethod
    def load(cls, source: Path | IO[bytes]) -> ServiceClassifier:
        """Read what `save` wrote; raises OSError, ValueError or KeyError when it is not that."""
        with np.load(source, allow_pickle=False) as file:
            languages = sorted({name.partition(".")[0] for name in file.files})
            models = {
                language: LanguageModel.from_arrays({name: file[f"{language}.{name}"] for name in _ARRAYS})
                for language in languages
            }
            sure = {language: float(file[f"{language}.sure"]) for language in languages}
        return cls(models, sure)


def _balance(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Weights by which a rare service counts more (with the square root, so that its few examples do not rule)."""
    counts = Counter(example.service for example in examples)
    mean = len(examples) / len(counts)
    return np.array([example.weight * (mean / counts[example.service]) ** 0.5 for example in examples])
