"""Hands: they take up jobs of procrastinate's queue where they are called, and do them one after the other.

They use procrastinate's own functions in the database, as its worker does.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from care.database import Database

log = logging.getLogger(__name__)

_SHIFT_SECONDS = 0.5
"""How long a job goes on with others: then its place is free again, for the upkeep too."""

_FETCH_ONE = (
    "SELECT id, args FROM procrastinate_fetch_job_v2(ARRAY[:queue]::varchar[], CAST(:worker AS bigint))"
    " WHERE id IS NOT NULL"
)
_FETCH = sql(_FETCH_ONE)
_FINISH = sql("SELECT procrastinate_finish_job_v1(:id, 'succeeded', true)")
# One way to the database and one transaction for both.
_FINISH_AND_FETCH = sql(f"SELECT procrastinate_finish_job_v1(:id, 'succeeded', true); {_FETCH_ONE}")
# Its message is handled: the next one of its person need not wait until procrastinate has forgotten the job.
_LET_FOLLOW = sql("UPDATE procrastinate_jobs SET lock = NULL WHERE id = :id")
_NOTIFY = sql('SELECT pg_notify(\'procrastinate_queue_v1#\' || :queue, \'{"type": "job_inserted", "job_id": 0}\')')
_TAKE_OVER = sql(
    "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs"
    " WHERE queue_name = :queue AND status = 'doing'"
)
# As procrastinate's own worker does with the strategy of `bot.jobs`.
_GIVE_BACK = sql(
    "SELECT CASE WHEN attempts < :most"
    " THEN procrastinate_retry_job_v2(id, now() + :base ^ (attempts + 1) * interval '1 second', NULL, NULL, NULL)"
    " ELSE procrastinate_finish_job_v1(id, 'failed', false) END FROM procrastinate_jobs WHERE id = :id"
)
_REGISTER = sql("SELECT worker_id FROM procrastinate_register_worker_v1()")
_UNREGISTER = sql("SELECT procrastinate_unregister_worker_v1(:worker)")


@dataclass(frozen=True)
class Job:
    """A job that was taken up: its own id, and that of the message to handle."""

    id: int
    incoming_id: int


class Hand:
    """Takes up the jobs of one queue where it is called, without a thread."""

    def __init__(self, connection: Connection, queue: str, options: str = "", worker: int | None = None) -> None:
        """`connection` commits every statement by itself; `options` are statements that set it up.

        Jobs are noted as done by `worker` (procrastinate's id), so that others see whether it is still there.
        """
        self._connection = connection
        self._queue = queue
        self._worker = worker
        # As with the worker: a job whose state is lost runs again, and finds its message handled.
        connection.execute(sql(f"SET synchronous_commit = off; {options}"))

    def fetch(self) -> Job | None:
        """The next job of the queue, now marked as being done; None when there is none."""
        row = self._connection.execute(_FETCH, {"queue": self._queue, "worker": self._worker}).first()
        return row and Job(row.id, row.args["incoming_id"])

    def finish(self, job: Job) -> None:
        """The job is done and forgotten."""
        self._connection.execute(_FINISH, {"id": job.id})

    def finish_and_fetch(self, job: Job) -> Job | None:
        """The job is done and forgotten; the next one, as `fetch` gives it."""
        values = {"id": job.id, "queue": self._queue, "worker": self._worker}
        row = self._connection.execute(_FINISH_AND_FETCH, values).first()
        return row and Job(row.id, row.args["incoming_id"])

    def let_follow(self, job_id: int) -> None:
        """The message of this job is handled, the job itself not finished yet: its person's next one may follow."""
        self._connection.execute(_LET_FOLLOW, {"id": job_id})

    def call(self) -> None:
        """Tell the workers of the queue that there may be something to do."""
        self._connection.execute(_NOTIFY, {"queue": self._queue})

    def give_back(self, job: Job, most_attempts: int, wait_base: int) -> None:
        """The job could not be done: it is tried again after a while, unless that was tried often enough."""
        self._connection.execute(_GIVE_BACK, {"id": job.id, "most": most_attempts, "base": wait_base})

    def take_over(self) -> None:
        """Give back the jobs that a process left behind in this queue, when it is certain that it has ended."""
        self._connection.execute(_TAKE_OVER, {"queue": self._queue})


@dataclass
class _OnDuty:
    """A hand that is kept from shift to shift."""

    hand: Hand
    connection: Connection
    worker: int


class Shifts:
    """What a job does when it is done: it goes on with the next ones, as long as there are some and its time lasts.

    procrastinate's worker takes two milliseconds of the interpreter for each job it fetches, hands to a thread and
    finishes, a sixth of a turn; a hand finishes one and fetches the next with one statement. It is noted in the
    database as a worker of its own: if it loses its connection, or the process dies, its job is found and given back as
    any other.
    """

    def __init__(
        self,
        database: Database,
        handle: Callable[[int], object],
        queue: str,
        *,
        options: str,
        most_attempts: int,
        wait_base: int,
    ) -> None:
        """`options` are statements for the connections; the attempts at a job are those of the worker."""
        self._database = database
        self._handle = handle
        self._queue = queue
        self._options = options
        self._most_attempts, self._wait_base = most_attempts, wait_base
        self._lock = threading.Lock()
        self._resting: list[_OnDuty] = []
        self._workers: set[int] = set()
        self._lost: set[int] = set()
        self._ending = False

    def workers(self) -> list[int]:
        """The ids of the hands at procrastinate, for whom somebody has to tell regularly that they are still there."""
        with self._lock:
            return list(self._workers)

    def go_on(self, job_id: int | None = None) -> None:
        """Do what else waits, for a while. Whatever goes wrong is no matter of `job_id`, which was done before."""
        if self._ending:
            return
        end = monotonic() + _SHIFT_SECONDS
        try:
            on_duty = self._take()
        except SQLAlchemyError as error:
            log.warning("no hand could be had: %s", type(error).__name__)
            return
        try:
            if job_id is not None:
                on_duty.hand.let_follow(job_id)
            job = on_duty.hand.fetch()
            while job is not None:
                job = self._do(on_duty.hand, job, end)
        except SQLAlchemyError as error:
            log.warning("a hand lost its connection: %s", type(error).__name__)
            self._drop(on_duty)
        except BaseException:
            self._drop(on_duty)
            raise
        else:
            with self._lock:
                self._resting.append(on_duty)

    def _do(self, hand: Hand, job: Job, end: float) -> Job | None:
        """Do a job; the next one, unless it is time to end."""
        try:
            self._handle(job.incoming_id)
        except Exception as error:
            log.warning("job %s was not done: %s", job.id, type(error).__name__)
            hand.give_back(job, self._most_attempts, self._wait_base)
            return None
        if self._ending or monotonic() > end:
            hand.finish(job)
            # A worker that found nothing while this went on would look again only after seconds.
            hand.call()
            return None
        return hand.finish_and_fetch(job)

    def _take(self) -> _OnDuty:
        with self._lock:
            if self._resting:
                return self._resting.pop()
            lost, self._lost = self._lost, set()
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            for worker in lost:
                # Its job belongs to nobody then, which the next look around for such jobs finds.
                connection.execute(_UNREGISTER, {"worker": worker})
            worker = int(connection.scalar(_REGISTER))
            hand = Hand(connection, self._queue, self._options, worker)
        except BaseException:
            _let_go(connection)
            with self._lock:
                self._lost |= lost
            raise
        with self._lock:
            self._workers.add(worker)
        return _OnDuty(hand, connection, worker)

    def _drop(self, on_duty: _OnDuty) -> None:
        with self._lock:
            self._workers.discard(on_duty.worker)
            self._lost.add(on_duty.worker)
        _let_go(on_duty.connection)

    def end(self) -> None:
        """Those at work finish the job at hand, and no more."""
        self._ending = True

    def close(self) -> None:
        """Let go of the connections, when nobody is at work any more."""
        with self._lock:
            resting, self._resting = self._resting, []
            self._workers.clear()
        for on_duty in resting:
            with suppress(SQLAlchemyError):
                on_duty.connection.execute(_UNREGISTER, {"worker": on_duty.worker})
            _let_go(on_duty.connection)


def _let_go(connection: Connection) -> None:
    # Not through the pool: it was set up for the queue.
    with suppress(SQLAlchemyError):
        connection.invalidate()
        connection.close()
