"""Tests of blocks that say again what another said."""

from __future__ import annotations

from typing import Any

import pytest

from nlu.grammar.attach import Block
from nlu.grammar.clocks import Clock
from nlu.grammar.frames import Frame
from nlu.grammar.restating import fold_repeats, without_restated

TEN, TWO = Clock(600), Clock(120)


def block(services: list[str], **said: Any) -> Block:
    return Block(services=services, scheduled=True, frame=Frame(dict(said)))


@pytest.mark.parametrize(
    ("again", "blocks"),
    [
        ({"days": ["SU"], "every": True}, 1),
        ({"days": ["SU"], "every": True, "times": [TEN]}, 1),
        ({"days": ["SA"], "every": True}, 2),
        ({"nth": [(2, "SU")]}, 1),
    ],
)
def test_days_that_are_only_said_again_are_of_the_block_before(again: dict[str, Any], blocks: int) -> None:
    row = without_restated([block(["walk"], days=["SU"]), block([], **again)])
    assert len(row) == blocks
    assert not again.keys() - row[-1].frame.said.keys()


def test_another_hour_on_the_same_day_is_another_visit() -> None:
    row = [block(["walk"], days=["SU"], times=[TEN]), block([], days=["SU"], every=True, times=[TWO])]
    assert len(without_restated(row)) == 2


def test_a_service_said_again_with_what_was_left_unsaid_is_one() -> None:
    (one,) = fold_repeats([block(["walk"], days=["SU"]), block(["walk"], times=[TWO])], strict=False)
    assert one.frame.said == {"days": ["SU"], "times": [TWO]}
