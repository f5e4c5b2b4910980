from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.jobs import HANDLE, MESSAGES, Worker, accept
from care.clock import Clock
from care.database import Database
from channels import Incoming

ids = itertools.count()
ANNA, BERT = "+31612345001", "+31612345002"


def incoming(phone: str, text: str = "dag", outside_id: str | None = None, channel: str = "sms") -> Incoming:
    return Incoming(channel, outside_id or f"jobs-{next(ids)}", phone, text)


def send(database: Database, clock: Clock, queue: str, *messages: Incoming) -> list[int]:
    accepted = []
    for message in messages:
        with database.begin() as session:
            accepted.append(accept(session, message, clock, queue=queue).id)
    return accepted


def jobs(database: Database, queue: str) -> list[tuple[str, str, Any]]:
    with database.begin() as session:
        query = sql("SELECT status::text, lock, args FROM procrastinate_jobs WHERE queue_name = :queue ORDER BY id")
        return [tuple(row) for row in session.execute(query, {"queue": queue})]


@contextmanager
def working(database: Database, handle: Callable[[int], object], queue: str) -> Iterator[Worker]:
    worker = Worker(database, handle, queue=queue)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def queue(database: Database) -> str:
    """The common queue, empty."""
    with database.begin() as session:
        session.execute(sql("DELETE FROM procrastinate_jobs"))
    return MESSAGES


def test_a_message_and_its_job_are_stored_together(database: Database, clock: Clock, queue: str) -> None:
    [accepted] = send(database, clock, queue, incoming(ANNA))
    [(status, lock, arguments)] = jobs(database, queue)
    assert status == "todo"
    assert lock.startswith("contact:")
    assert arguments == {"incoming_id": accepted}


def test_without_the_message_there_is_no_job(database: Database, clock: Clock, queue: str) -> None:
    def store_and_fail() -> None:
        with database.begin() as session:
            accept(session, incoming(ANNA), clock, queue=queue)
            raise RuntimeError("the process ends here")

    with pytest.raises(RuntimeError):
        store_and_fail()
    assert jobs(database, queue) == []


def test_a_repeat_has_no_job_of_its_own(database: Database, clock: Clock, queue: str) -> None:
    message = incoming(ANNA)
    with database.begin() as session:
        first = accept(session, message, clock, queue=queue)
    with database.begin() as session:
        second = accept(session, message, clock, queue=queue)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.id == second.id
    assert len(jobs(database, queue)) == 1


def test_a_person_has_one_lock_over_all_channels(database: Database, clock: Clock, queue: str) -> None:
    send(database, clock, queue, incoming(ANNA), incoming(ANNA, channel="whatsapp"), incoming(BERT))
    locks = [lock for _, lock, _ in jobs(database, queue)]
    assert locks[0] == locks[1] != locks[2]


def test_a_line_left_behind_does_not_hold_up_its_persons_other_messages(
    database: Database, clock: Clock, queue: str
) -> None:
    send(database, clock, "line:left-behind", incoming(ANNA))
    done: list[int] = []
    with working(database, done.append, queue):
        accepted = send(database, clock, queue, incoming(ANNA))
        until(lambda: done == accepted)


def test_jobs_run_in_order_and_leave_nothing(database: Database, clock: Clock, queue: str) -> None:
    done: list[int] = []
    with working(database, done.append, queue):
        accepted = send(database, clock, queue, *(incoming(ANNA, str(number)) for number in range(20)))
        until(lambda: len(done) == 20)
        until(lambda: jobs(database, queue) == [])
    assert done == accepted


def test_two_workers_never_overlap_on_one_person_and_keep_their_order(
    database: Database, clock: Clock, queue: str
) -> None:
    accepted = send(database, clock, queue, *(incoming(phone) for _ in range(10) for phone in (ANNA, BERT)))
    person = {number: index % 2 for index, number in enumerate(accepted)}
    busy: list[int] = []
    done: dict[int, list[int]] = {0: [], 1: []}
    overlaps: list[int] = []
    both = threading.Event()
    guard = threading.Lock()

    def handle(number: int) -> None:
        with guard:
            if person[number] in busy:
                overlaps.append(number)
            busy.append(person[number])
            if len(busy) == 2:
                both.set()
        both.wait(5)
        with guard:
            busy.remove(person[number])
            done[person[number]].append(number)

    with working(database, handle, queue), working(database, handle, queue):
        until(lambda: len(done[0]) + len(done[1]) == 20)
    assert overlaps == []
    assert both.is_set(), "different persons are handled side by side"
    assert done == {0: accepted[::2], 1: accepted[1::2]}


def test_a_job_whose_handling_raises_is_tried_again(database: Database, clock: Clock, queue: str) -> None:
    attempts: list[int] = []

    def handle(number: int) -> None:
        attempts.append(number)
        if len(attempts) == 1:
            raise ConnectionError("the database is away for a moment")

    with working(database, handle, queue):
        [accepted] = send(database, clock, queue, incoming(ANNA))
        until(lambda: len(attempts) == 2)
        until(lambda: jobs(database, queue) == [])
    assert attempts == [accepted, accepted]


def test_the_job_of_a_process_that_was_killed_is_given_back(database: Database, clock: Clock, queue: str) -> None:
    first, second = send(database, clock, queue, incoming(ANNA), incoming(ANNA))
    with database.begin() as session:
        session.execute(
            sql(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '2 minutes') RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
                " WHERE (args->>'incoming_id')::bigint = :id"
            ),
            {"id": first},
        )
    done: list[int] = []
    with working(database, done.append, queue):
        until(lambda: len(done) == 2)
    assert done == [first, second]


def test_stopping_waits_for_the_job_at_hand(database: Database, clock: Clock, queue: str) -> None:
    begun, may_end = threading.Event(), threading.Event()
    done: list[int] = []

    def handle(number: int) -> None:
        begun.set()
        may_end.wait(5)
        done.append(number)

    worker = Worker(database, handle, queue=queue)
    worker.start()
    [accepted] = send(database, clock, queue, incoming(ANNA))
    assert begun.wait(5)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    stopping.join(0.2)
    assert stopping.is_alive()
    may_end.set()
    stopping.join(10)
    assert done == [accepted]
    assert [status for status, _, _ in jobs(database, queue)] in ([], ["succeeded"])


def test_the_job_is_named_as_the_worker_knows_it(database: Database, clock: Clock, queue: str) -> None:
    send(database, clock, queue, incoming(ANNA))
    with database.begin() as session:
        names = session.scalars(sql("SELECT DISTINCT task_name FROM procrastinate_jobs")).all()
    assert names == [HANDLE]


def test_a_queue_that_was_empty_for_long_is_not_slow_when_thousands_wait(
    database: Database, clock: Clock, queue: str
) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(2):
            connection.execute(sql("VACUUM ANALYZE procrastinate_jobs"))
    done: list[int] = []
    with working(database, done.append, queue):
        # Plans are kept: they are made while there is next to nothing to do.
        send(database, clock, queue, *(incoming(ANNA) for _ in range(20)))
        until(lambda: len(done) == 20)
        with database.begin() as session:
            session.execute(
                sql(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args, status)"
                    " SELECT :queue, :task, 0, 'contact:' || (number % 600), '{\"incoming_id\": 0}', 'todo'"
                    " FROM generate_series(1, 3000) AS number"
                ),
                {"queue": queue, "task": HANDLE},
            )
        send(database, clock, queue, incoming(BERT))
        until(lambda: len(done) > 220, seconds=30)
    with database.begin() as session:
        session.execute(sql("DELETE FROM procrastinate_jobs"))
