"""Tests of what a serving process does with its memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from bot.memory import keep_loaded


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_loaded_is_no_longer_looked_through_for_garbage() -> None:
    before = gc.get_freeze_count()
    loaded = [[number] for number in range(1000)]
    keep_loaded()
    assert gc.get_freeze_count() >= before + len(loaded)
    assert not any(one is loaded for one in gc.get_objects())


def test_what_comes_later_still_is() -> None:
    keep_loaded()
    ring: list[object] = []
    ring.append(ring)
    del ring
    assert gc.collect() >= 1
