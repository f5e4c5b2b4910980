"""Features as numbers: which column each has, how much it weighs, and the sparse rows that are learnt from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]


class FeatureSpace:
    """The known features: a column and a weight (the rarer the heavier) for each; the first letter is its block.

    Each block of a text is scaled to its own length, so that a long text speaks no louder than a short one.
    """

    def __init__(self, names: Sequence[str], idf: Floats, blocks: Mapping[str, float]) -> None:
        """Take the features with their weights; `blocks` gives the weight of each block."""
        self.names = list(names)
        self.idf = idf
        self._column = {name: at for at, name in enumerate(self.names)}
        order = "".join(blocks)
        self._lengths = np.array(list(blocks.values()))
        self._blocks: Places = np.array([order.index(name[0]) for name in self.names], dtype=np.intp)

    def __len__(self) -> int:
        """How many columns there are."""
        return len(self.names)

    @classmethod
    def fitted(
        cls, texts: Iterable[Collection[str]], blocks: Mapping[str, float], *, rare: int
    ) -> tuple[FeatureSpace, csr_matrix]:
        """The space of the features that at least `rare` of the texts have, and a row for each text."""
        numbers: dict[str, int] = {}
        found = [
            np.fromiter((numbers.setdefault(name, len(numbers)) for name in one), np.intp, len(one)) for one in texts
        ]
        counts = np.bincount(np.concatenate(found), minlength=len(numbers))
        names = sorted(name for name, number in numbers.items() if counts[number] >= rare)
        numbered = [numbers[name] for name in names]
        kept = np.full(len(numbers), -1, dtype=np.intp)
        kept[numbered] = np.arange(len(names))
        idf = (np.log((1 + len(found)) / (1 + counts[numbered])) + 1).astype(np.float32)
        space = cls(names, idf, blocks)
        return space, space._stacked([space._scaled(np.sort(kept[one][kept[one] >= 0])) for one in found])

    def matrix(self, texts: Iterable[Collection[str]]) -> csr_matrix:
        """A row for each of the texts."""
        return self._stacked([self.values(one) for one in texts])

    def values(self, found: Iterable[str]) -> tuple[Places, Floats]:
        """The columns of a text's known features, with their values."""
        column = self._column
        known = [column[name] for name in found if name in column]
        return self._scaled(np.array(sorted(known), dtype=np.intp))

    def _stacked(self, rows: Sequence[tuple[Places, Floats]]) -> csr_matrix:
        from scipy.sparse import csr_matrix

        starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, columns, starts), shape=(len(rows), len(self)))

    def _scaled(self, columns: Places) -> tuple[Places, Floats]:
        values = self.idf[columns]
        blocks = self._blocks[columns]
        squares = np.bincount(blocks, weights=values * values, minlength=len(self._lengths))
        scale = self._lengths / np.sqrt(np.maximum(squares, 1e-9))
        return columns, (values * scale[blocks]).astype(np.float32)


def pack_names(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Names as an array that needs no pickle."""
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def unpack_names(packed: npt.NDArray[np.uint8]) -> list[str]:
    """The names that `pack_names` packed."""
    return packed.tobytes().decode().split("\n")
