"""The jobs between gateway, brain and courier, kept by procrastinate in the same PostgreSQL.

A message and its job are stored in one transaction: there is no message without a job, and no job without its message.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import procrastinate
from sqlalchemy import text as sql

from bot.hands import Shifts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session
    from sqlalchemy.sql.expression import TextClause

    from care.clock import Clock
    from care.database import Database
    from care.inbox import Said
    from channels import Incoming

log = logging.getLogger(__name__)

MESSAGES = "messages"
UPKEEP = "upkeep"
HANDLE = "handle_message"

# A job's state may be lost with the machine's power: it then runs again, and finds its message handled.
# The queue is mostly empty, and PostgreSQL goes on taking it for that: the next of thousands of jobs it then finds by
# sorting all of them, a second for each. Without the choice it follows the index, in less than a millisecond.
_WITHOUT_CHOICE = ("enable_sort", "enable_seqscan", "enable_bitmapscan")
_WORKER_OPTIONS = " ".join(["-c synchronous_commit=off", *(f"-c {name}=off" for name in _WITHOUT_CHOICE)])
_HAND_OPTIONS = "; ".join(f"SET {name} = off" for name in _WITHOUT_CHOICE)
_ATTEMPTS, _WAIT_BASE = 5, 2
_STALLED_SECONDS = 40
_HEARTBEAT_SECONDS = 10


@dataclass(frozen=True)
class Accepted:
    """A message that was stored: its inbox id, and whether it is new (a repeat has no job of its own)."""

    id: int
    is_new: bool


def accept(session: Session, incoming: Incoming, clock: Clock, *, queue: str = MESSAGES) -> Accepted:
    """Store a message and the job that handles it, in the caller's transaction; a repeat is dropped.

    Jobs are locked by contact: messages of one person never overlap and keep their order, over all their channels. In a
    queue of its own (a direct line) this holds within the queue.
    """
    from care import inbox

    message_id, is_new = inbox.accept(
        session,
        channel=incoming.channel,
        outside_id=incoming.outside_id,
        address=incoming.address,
        text=incoming.text,
        now=clock.now(),
        kind=incoming.kind,
        payload=dict(incoming.payload),
        language=incoming.language,
    )
    if is_new:
        defer_handling(session, message_id, queue)
    return Accepted(message_id, is_new)


# procrastinate's own function, on the caller's connection. The lock is named after the contact, whom only the database
# needs to look up.
_DEFER = sql(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, 0, coalesce(:lock, 'contact:' || contact_id), NULL,"
    " jsonb_build_object('incoming_id', id), NULL)::procrastinate_job_to_defer_v1]) FROM inbox WHERE id = :id"
)


def defer_handling(session: Session, message_id: int, queue: str = MESSAGES) -> None:
    """Write the job that handles a stored message, in the caller's transaction."""
    # A queue other than the common one may be left behind with its process; its jobs must not hold up that person's
    # messages elsewhere.
    lock = None if queue == MESSAGES else queue
    session.execute(_DEFER, {"queue": queue, "task": HANDLE, "id": message_id, "lock": lock})


def accept_many(session: Session, said: Sequence[Said]) -> None:
    """Store several messages and the jobs that handle them, in the caller's transaction and in order; repeats are
    dropped. Raises ValueError as `inbox.accept_many` does.
    """
    from care import inbox

    inbox.accept_many(session, said, _accepting())


@functools.cache
def _accepting() -> TextClause:
    from care import inbox

    # Within the statement that stores them: who has waited for the database has to wait for the interpreter as well.
    return inbox.taking_in(
        "SELECT procrastinate_defer_jobs_v1(array_agg("  # noqa: S608 - nothing of a message is in it
        f"ROW('{MESSAGES}', '{HANDLE}', 0, 'contact:' || contact_id, NULL,"
        " jsonb_build_object('incoming_id', id), NULL)::procrastinate_job_to_defer_v1 ORDER BY id))"
        " FROM kept HAVING count(*) > 0"
    )


_REVIVE = sql(
    "SELECT id FROM inbox WHERE handled IS NULL AND received < :before AND NOT EXISTS"
    " (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND (args->>'incoming_id')::bigint = inbox.id)"
    " ORDER BY received, id LIMIT 100 FOR UPDATE SKIP LOCKED"
)


def revive(session: Session, before: datetime) -> int:
    """Give another job to messages of before that moment whose job was given up unhandled; how many there were.

    A job is given up when the database was away for longer than its attempts lasted.
    """
    forgotten = list(session.scalars(_REVIVE, {"before": before}))
    for message_id in forgotten:
        log.warning("incoming %s was left unhandled; it is tried again", message_id)
        defer_handling(session, message_id)
    return len(forgotten)


class Worker:
    """Runs jobs in a thread of its own, with an event loop of its own: the web server stays responsive meanwhile."""

    def __init__(
        self,
        database: Database,
        handle: Callable[[int], object],
        *,
        queue: str = MESSAGES,
        turns_at_once: int = 1,
        extend_horizon: Callable[[], object] | None = None,
        keep_up: Callable[[], object] | None = None,
    ) -> None:
        """`handle` gets the inbox id of a message; it may be called twice for one and must then do nothing.

        `extend_horizon` is called every ten minutes and `keep_up` every minute, on one machine of all that give them.
        """
        self._handle = handle
        self._shifts = Shifts(
            database, handle, queue, options=_HAND_OPTIONS, most_attempts=_ATTEMPTS, wait_base=_WAIT_BASE
        )
        self._queues = [queue, UPKEEP] if extend_horizon or keep_up else [queue]
        # The upkeep has a place of its own, so that no message waits for it.
        self._concurrency = len(self._queues) - 1 + turns_at_once
        self._app = self._build(database.url, extend_horizon, keep_up)
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Future[None]] = []
        self._ready = threading.Event()
        self._failure: BaseException | None = None

    def _build(
        self, url: str, extend_horizon: Callable[[], object] | None, keep_up: Callable[[], object] | None
    ) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=url,
            min_size=2,
            max_size=4,
            kwargs={"options": _WORKER_OPTIONS, "application_name": "thuisbel-worker"},
        )
        app = procrastinate.App(connector=connector)
        retry = procrastinate.RetryStrategy(max_attempts=_ATTEMPTS, exponential_wait=_WAIT_BASE)

        @app.task(name=HANDLE, retry=retry, pass_context=True)
        def handle_message(context: procrastinate.JobContext, incoming_id: int) -> None:
            self._handle(incoming_id)
            self._shifts.go_on(context.job.id)

        if extend_horizon is not None:
            extend = extend_horizon

            @app.periodic(cron="*/10 * * * *")
            @app.task(name="extend_horizon", queue=UPKEEP, queueing_lock="extend_horizon")
            def keep_the_horizon(timestamp: int) -> None:
                extend()

        if keep_up is not None:
            keep = keep_up

            @app.periodic(cron="* * * * *")
            @app.task(name="keep_up", queue=UPKEEP, queueing_lock="keep_up")
            def do_what_is_due(timestamp: int) -> None:
                keep()

        return app

    def start(self) -> None:
        """Start; returns when jobs are being taken. Raises what prevented that."""
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Finish the job at hand and stop."""
        self._shifts.end()
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._cancel)
            self._thread.join()

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        except Exception as error:
            self._failure = error
            if self._ready.is_set():
                log.exception("the worker stopped")
        finally:
            self._shifts.close()
            self._ready.set()

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with self._app.open_async():
            work = self._app.run_worker_async(
                queues=self._queues,
                concurrency=self._concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=2.0,
                delete_jobs="successful",
            )
            self._tasks = [asyncio.ensure_future(work), asyncio.ensure_future(self._take_over())]
            self._ready.set()
            try:
                await asyncio.gather(*self._tasks)
            except asyncio.CancelledError:
                log.debug("the worker was asked to stop")
                await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take_over(self) -> None:
        """Give back the jobs of processes that died: each would hold up its person's later messages for ever."""
        while True:
            for queue in self._queues:
                await self._take_over_in(queue)
            for _ in range(_STALLED_SECONDS // 2 // _HEARTBEAT_SECONDS):
                await asyncio.sleep(_HEARTBEAT_SECONDS)
                for worker in self._shifts.workers():
                    await self._app.job_manager.update_heartbeat(worker)

    async def _take_over_in(self, queue: str) -> None:
        jobs = self._app.job_manager
        for job in await jobs.get_stalled_jobs(queue=queue, seconds_since_heartbeat=_STALLED_SECONDS):
            log.warning("job %s was left behind by a process that ended; it is tried again", job.id)
            await jobs.retry_job(job)
