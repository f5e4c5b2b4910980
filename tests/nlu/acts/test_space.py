from __future__ import annotations

import numpy as np
import pytest

from nlu.acts.space import FeatureSpace, pack_names, unpack_names

BLOCKS = {"w": 1.0, "c": 2.0}
TEXTS = [{"wa", "wb", "cx"}, {"wa", "cx"}, {"wa", "cy", "wé"}]


def test_rare_features_are_left_out() -> None:
    space, matrix = FeatureSpace.fitted(TEXTS, BLOCKS, rare=2)
    assert space.names == ["cx", "wa"]
    assert matrix.shape == (3, 2)


def test_each_block_has_its_length() -> None:
    space, matrix = FeatureSpace.fitted(TEXTS, BLOCKS, rare=1)
    row = matrix.toarray()[0]
    of_letters = [at for at, name in enumerate(space.names) if name[0] == "c"]
    of_words = [at for at, name in enumerate(space.names) if name[0] == "w"]
    assert np.linalg.norm(row[of_letters]) == pytest.approx(2.0)
    assert np.linalg.norm(row[of_words]) == pytest.approx(1.0)


def test_a_text_has_the_values_it_was_learnt_with() -> None:
    space, matrix = FeatureSpace.fitted(TEXTS, BLOCKS, rare=1)
    columns, values = space.values(TEXTS[1])
    assert matrix.toarray()[1][columns] == pytest.approx(values)
    assert len(space) == len(space.names)
    assert space.matrix(TEXTS).toarray() == pytest.approx(matrix.toarray())


def test_unknown_features_are_passed_over() -> None:
    space, _ = FeatureSpace.fitted(TEXTS, BLOCKS, rare=1)
    columns, values = space.values({"wunknown"})
    assert len(columns) == len(values) == 0


def test_names_are_packed_and_unpacked() -> None:
    assert unpack_names(pack_names(["wé", "c x"])) == ["wé", "c x"]
