"""A few thousand of the bodies of `python -m benchmarks.fuzz_doors`."""

from __future__ import annotations

from pathlib import Path

from benchmarks.fuzz_doors import run
from care.database import Database


def test_no_body_makes_an_error_and_none_gets_in_without_its_signature(database: Database, tmp_path: Path) -> None:
    tally = run(database, tmp_path, 2000, seed=7)
    assert tally.wrong == []
    assert tally.sent == 2000
    assert tally.statuses[403] >= 900
    assert tally.by_door["/channels/twilio/voice"][200] > 50
    assert tally.by_door["/say"][202] > 20
    assert tally.stored > 200, "the bent bodies that are still messages are taken in"
