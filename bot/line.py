"""A person's direct line: the whole pipeline in one process, from the terminal.

What is said on it goes the way of every message (inbox, job, brain, outbox); the line only is the door. While it is
open no courier sends this person's messages on this channel elsewhere.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from bot.errors import UserError
from bot.jobs import Worker, accept
from bot.storage import contact_by_phone
from care.database import DatabaseUnavailable
from channels import Incoming

if TYPE_CHECKING:
    from bot.brain import Brain
    from care.clock import Clock
    from care.database import Database
    from care.models import Outbox

_LOOK_AGAIN_SECONDS = 0.5
_LONGEST_TURN_SECONDS = 120.0


def held_key(channel: str, address: str) -> str:
    """The name of the lock that says: somebody is on a direct line at this address now."""
    return f"line:{channel}:{address}"


class Line:
    """A direct line of `phone` (E.164) on `channel`, to a brain in this process."""

    def __init__(
        self, database: Database, brain: Brain, clock: Clock, *, phone: str, channel: str, language: str | None
    ) -> None:
        """Prepare the line; enter it as a context to open it."""
        self._database = database
        self._brain = brain
        self._clock = clock
        self._phone = phone
        self._channel = channel
        self._language = language
        name = hashlib.blake2b(f"{channel}:{phone}".encode(), digest_size=8).hexdigest()
        # A queue of its own: the message must be handled here, where the clock may have been moved.
        self._queue = f"line:{name}"
        self._worker = Worker(database, brain.handle, queue=self._queue)
        self._done: set[int] = set()
        self._handled = threading.Condition()

    def __enter__(self) -> Line:
        """Open the line; jobs that a former line left behind are done first."""
        self._connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        held = self._connection.scalar(
            sql("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))"), {"key": held_key(self._channel, self._phone)}
        )
        if held:
            self._connection.execute(
                sql(
                    "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM procrastinate_jobs"
                    " WHERE queue_name = :queue AND status = 'doing'"
                ),
                {"queue": self._queue},
            )
        self._brain.on_handled.append(self._note)
        self._worker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the line."""
        self._worker.stop()
        self._brain.on_handled.remove(self._note)
        # Ends the session and its lock with it, rather than handing it on through the pool.
        self._connection.invalidate()
        self._connection.close()

    def say(self, text: str, kind: str = "text") -> None:
        """Say something and wait until it has been handled. Raises UserError when the database is gone."""
        incoming = Incoming(
            channel=self._channel,
            outside_id=f"line-{secrets.token_hex(12)}",
            address=self._phone,
            text=text,
            kind=kind,
            language=self._language,
            payload={"language": self._language} if self._language else {},
        )
        try:
            with self._database.begin() as session:
                accepted = accept(session, incoming, self._clock, queue=self._queue)
            self._wait(accepted.id)
        except (DatabaseUnavailable, OperationalError) as error:
            raise UserError(
                "the database cannot be reached any more; what was said last may not be handled."
            ) from error

    @contextmanager
    def messages(self) -> Iterator[list[Outbox]]:
        """The messages for this person that are due; they count as delivered when the block ends without error."""
        from care import outbox

        with self._database.begin() as session:
            contact = contact_by_phone(session, self._phone)
            rows = []
            if contact is not None:
                rows = outbox.claim_due(session, self._clock.now(), 100, channel=self._channel, contact=contact)
            yield rows
            for row in rows:
                outbox.mark_delivered(session, row, self._clock.now())

    def _note(self, incoming_id: int) -> None:
        with self._handled:
            self._done.add(incoming_id)
            self._handled.notify_all()

    def _wait(self, incoming_id: int) -> None:
        waited = 0.0
        with self._handled:
            while not self._handled.wait_for(lambda: incoming_id in self._done, _LOOK_AGAIN_SECONDS):
                waited += _LOOK_AGAIN_SECONDS
                if self._handled_elsewhere(incoming_id):
                    return
                if waited >= _LONGEST_TURN_SECONDS:
                    raise UserError("no answer within two minutes; the message is kept and will still be handled.")
            self._done.discard(incoming_id)

    def _handled_elsewhere(self, incoming_id: int) -> bool:
        # Another line of the same person may have taken the job.
        from care.models import Inbox

        with self._database.begin() as session:
            row = session.get(Inbox, incoming_id)
            return row is not None and row.handled is not None
