"""Upkeep goes on until nothing is due, each step in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from actions import upkeep


class Transactions:
    def __init__(self) -> None:
        self.begun = 0

    @contextmanager
    def begin(self) -> Iterator[None]:
        self.begun += 1
        yield None


def test_each_piece_runs_until_nothing_is_left(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    left, seen = [3, 2], []

    def piece(round_: upkeep.Upkeep) -> int:
        seen.append(round_.now)
        return left.pop() if left else 0

    monkeypatch.setattr(upkeep, "_pieces", [piece, lambda _: 0])
    transactions = Transactions()
    assert upkeep.run(transactions.begin, now) == 5
    assert transactions.begun == 4
    assert seen == [now] * 3
