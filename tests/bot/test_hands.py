"""Hands go on with the jobs that wait, and leave none behind when something goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from bot.hands import Shifts
from bot.jobs import MESSAGES, Worker
from care.clock import Clock
from care.database import Database
from tests.bot.test_jobs import ANNA, BERT, incoming, jobs, send, until


@pytest.fixture
def queue(database: Database) -> str:
    """The common queue, empty."""
    with database.begin() as session:
        session.execute(sql("DELETE FROM procrastinate_jobs"))
        session.execute(sql("DELETE FROM procrastinate_workers"))
    return MESSAGES


@pytest.fixture
def shifts(database: Database) -> Iterator[Callable[[Callable[[int], object]], Shifts]]:
    """Makes shifts that do what they are given, five attempts at most, and closes them."""
    made: list[Shifts] = []

    def make(handle: Callable[[int], object]) -> Shifts:
        made.append(Shifts(database, handle, MESSAGES, options="", most_attempts=5, wait_base=2))
        return made[-1]

    yield make
    for one in made:
        one.close()


Make = Callable[[Callable[[int], object]], Shifts]


def at_work(database: Database) -> list[tuple[int, int | None]]:
    """The jobs that are being done, and by which worker."""
    with database.begin() as session:
        query = sql("SELECT (args->>'incoming_id')::int, worker_id FROM procrastinate_jobs WHERE status = 'doing'")
        return [tuple(row) for row in session.execute(query)]


def test_all_that_waits_is_done_in_order_and_leaves_nothing(
    database: Database, clock: Clock, queue: str, shifts: Make
) -> None:
    accepted = send(database, clock, queue, *(incoming(phone) for _ in range(3) for phone in (ANNA, BERT)))
    done: list[int] = []
    shifts(done.append).go_on()
    assert done == accepted
    assert jobs(database, queue) == []


def test_what_is_done_is_noted_as_that_of_a_worker_who_is_there(
    database: Database, clock: Clock, queue: str, shifts: Make
) -> None:
    [accepted] = send(database, clock, queue, incoming(ANNA))
    seen: list[tuple[int, int | None]] = []
    mine = shifts(lambda _: seen.extend(at_work(database)))
    mine.go_on()
    assert seen == [(accepted, mine.workers()[0])]


def test_its_time_is_short(
    database: Database, clock: Clock, queue: str, shifts: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.hands._SHIFT_SECONDS", 0.0)
    accepted = send(database, clock, queue, incoming(ANNA), incoming(BERT))
    done: list[int] = []
    mine = shifts(done.append)
    mine.go_on()
    assert done == accepted[:1]
    assert [status for status, _, _ in jobs(database, queue)] == ["todo"]
    mine.go_on()
    assert done == accepted


def test_a_job_that_fails_is_tried_again_later_and_given_up_at_last(
    database: Database, clock: Clock, queue: str, shifts: Make
) -> None:
    first, later = send(database, clock, queue, incoming(ANNA), incoming(ANNA))
    attempts: list[int] = []

    def fail(number: int) -> None:
        attempts.append(number)
        if number == first:
            raise ConnectionError("away")

    mine = shifts(fail)
    for attempt in range(1, 7):
        mine.go_on()
        assert attempts == [first] * attempt, "its person's later message does not overtake it"
        mine.go_on() if attempt < 6 else None
        assert len(attempts) == attempt, "not at once"
        with database.begin() as session:
            session.execute(sql("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"))
    assert [status for status, _, _ in jobs(database, queue)] == ["failed", "todo"]
    mine.go_on()
    assert attempts == [first] * 6 + [later]


def test_the_job_of_a_hand_that_lost_its_connection_belongs_to_nobody_at_the_next_shift(
    database: Database, clock: Clock, queue: str, shifts: Make
) -> None:
    [accepted] = send(database, clock, queue, incoming(ANNA))

    def lose(_: int) -> None:
        with database.begin() as session:
            session.execute(
                sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND query LIKE '%procrastinate_fetch_job%'"
                )
            )
        raise OperationalError("", {}, Exception("away"))

    mine = shifts(lose)
    mine.go_on()
    [(left, worker)] = at_work(database)
    assert (left, mine.workers()) == (accepted, [])
    assert worker is not None
    mine.go_on()
    # So `Worker` finds it as a job that was left behind, and gives it back.
    assert at_work(database) == [(accepted, None)]


def test_one_that_is_to_end_does_the_job_at_hand_only(
    database: Database, clock: Clock, queue: str, shifts: Make
) -> None:
    accepted = send(database, clock, queue, incoming(ANNA), incoming(BERT))
    done: list[int] = []

    def handle(number: int) -> None:
        done.append(number)
        mine.end()

    mine = shifts(handle)
    mine.go_on()
    assert done == accepted[:1]
    mine.close()
    with database.begin() as session:
        assert session.scalar(sql("SELECT count(*) FROM procrastinate_workers")) == 0


def test_the_next_message_of_the_same_person_follows_at_once(
    database: Database, clock: Clock, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when a worker looked for it meanwhile, in vain, and when the time of the shift is over each time."""
    monkeypatch.setattr("bot.hands._SHIFT_SECONDS", 0.0)
    done: list[tuple[int, float]] = []

    def handle(number: int) -> None:
        if not done:
            # Comes while the first is being handled: the worker is told, looks, and may not have it yet.
            later.extend(send(database, clock, queue, *(incoming(ANNA) for _ in range(9))))
            time.sleep(0.3)
        done.append((number, time.monotonic()))

    later: list[int] = []
    worker = Worker(database, handle, queue=queue, keep_up=lambda: None)
    worker.start()
    try:
        [first] = send(database, clock, queue, incoming(ANNA))
        until(lambda: len(done) == 10)
    finally:
        worker.stop()
    assert [number for number, _ in done] == [first, *later]
    # The worker looks by itself every two seconds: uncalled, the nine would take eighteen.
    assert done[-1][1] - done[0][1] < 9
