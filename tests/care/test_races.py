"""Many recipients at once for the same helper's hour: `python -m benchmarks.races`, in small."""

from __future__ import annotations

from benchmarks.races import race
from care.database import Database

ROUNDS, RIVALS, PROCESSES = 3, 30, 2


def test_one_gets_the_hour_and_the_others_are_offered_another(database: Database) -> None:
    rounds = list(race(database, rounds=ROUNDS, rivals=RIVALS, processes=PROCESSES))
    assert [one.as_it_should(RIVALS) for one in rounds] == [True] * ROUNDS, rounds
