"""What a helper says of clock times is taken for the moment it must have been, or will be."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from actions.attendance import _said_time
from care.clock import TZ


@pytest.mark.parametrize(
    ("now", "said", "meant"),
    [
        ("2026-11-24T11:05", time(11), "2026-11-24T11:00"),
        ("2026-11-24T15:30", time(3, 10), "2026-11-24T15:10"),
        ("2026-11-24T15:30", time(15, 10), "2026-11-24T15:10"),
        ("2026-11-24T12:10", time(12), "2026-11-24T12:00"),
        ("2026-11-24T00:20", time(23, 50), "2026-11-23T23:50"),
        ("2026-11-24T00:20", time(12), "2026-11-24T00:00"),
    ],
)
def test_left_at(now: str, said: time, meant: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=TZ)
    assert _said_time(said, moment) == datetime.fromisoformat(meant).replace(tzinfo=TZ)
