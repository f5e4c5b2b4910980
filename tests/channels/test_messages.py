from __future__ import annotations

import pytest

from channels import Incoming, SendFailed


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="'smell' is not a kind"):
        Incoming("sms", "1", "+31612345678", "dag", kind="smell")


def test_a_failure_says_whether_it_is_final() -> None:
    assert SendFailed("no such number", final=True).final
    assert not SendFailed("time-out").final
