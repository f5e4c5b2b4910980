"""A person's direct line: the whole pipeline in one process, from the terminal.

What is said on it goes the way of every message (inbox, job, brain, outbox); the line only is the door, and runs its
own queue. While it is open no courier sends this person's messages on this channel elsewhere.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING

from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from bot.errors import UserError
from bot.hands import Hand
from bot.jobs import accept
from bot.storage import contact_by_phone
from care.database import DatabaseUnavailable
from channels import Incoming

if TYPE_CHECKING:
    from bot.brain import Brain
    from care.clock import Clock
    from care.database import Database
    from care.models import Contact, Outbox

_COMMIT_WITHOUT_WAITING = sql("SET LOCAL synchronous_commit = off")
KEEP_UP_EVERY = timedelta(minutes=1)
_LOOK_AGAIN_SECONDS = 0.05
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
        self._contact: Contact | None = None
        self._kept_up: datetime | None = None
        name = hashlib.blake2b(f"{channel}:{phone}".encode(), digest_size=8).hexdigest()
        # A queue of its own: the message must be handled here, where the clock may have been moved.
        self.queue = f"line:{name}"

    def __enter__(self) -> Line:
        """Open the line; what a former line left behind is done first."""
        self._connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._hand = Hand(self._connection, self.queue)
        key = {"key": held_key(self._channel, self._phone)}
        if self._connection.scalar(sql("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))"), key):
            self._hand.take_over()
        self._work()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the line."""
        # Ends the session and its lock with it, rather than handing it on through the pool.
        self._connection.invalidate()
        self._connection.close()

    def say(self, text: str, kind: str = "text") -> None:
        """Say something and wait until it has been handled, after all that the clock caused since the last time.

        Raises UserError when the database is gone.
        """
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
            self._keep_up()
            with self._database.begin() as session:
                # Kept for certain with the turn's own commit, before anybody is answered.
                session.execute(_COMMIT_WITHOUT_WAITING)
                accepted = accept(session, incoming, self._clock, queue=self.queue)
            if not self._work(until=accepted.id):
                self._wait(accepted.id)
        except (DatabaseUnavailable, OperationalError) as error:
            raise UserError(
                "the database cannot be reached any more; what was said last may not be handled."
            ) from error

    def _keep_up(self) -> None:
        """Do what is due, as the worker does every minute: here the clock may have been moved."""
        from actions import upkeep

        now = self._clock.now()
        if self._kept_up is None or not timedelta(0) <= now - self._kept_up < KEEP_UP_EVERY:
            upkeep.run(self._database.begin, now)
            self._kept_up = now

    @contextmanager
    def messages(self) -> Iterator[list[Outbox]]:
        """The messages for this person that are due; they count as delivered when the block ends without error.

        Those that others caused are among them, whatever channel they were meant for: it is the same person.
        """
        from care import outbox

        now = self._clock.now()
        with self._database.begin() as session:
            # After a power cut it may say a thing twice, as it would when killed before the end of the block.
            session.execute(_COMMIT_WITHOUT_WAITING)
            if self._contact is None and (contact := contact_by_phone(session, self._phone)) is not None:
                # Kept outside the session, which forgets its rows when the block raises.
                session.expunge(contact)
                self._contact = contact
            rows = []
            if self._contact is not None:
                rows = outbox.claim_for(session, now, self._contact, self._channel)
            yield rows
            for row in rows:
                outbox.mark_delivered(session, row, now)

    def _work(self, until: int | None = None) -> bool:
        """Do the jobs of this line's queue, one after the other, up to that of the message `until`; whether it came."""
        while job := self._hand.fetch():
            self._brain.handle(job.incoming_id)
            self._hand.finish(job)
            if job.incoming_id == until:
                return True
        return False

    def _wait(self, incoming_id: int) -> None:
        # Another line of this person on this channel is busy, or took the job; it does not tell when it is done.
        from care.models import Inbox

        until = time.monotonic() + _LONGEST_TURN_SECONDS
        while time.monotonic() < until:
            with self._database.begin() as session:
                row = session.get(Inbox, incoming_id)
                if row is not None and row.handled is not None:
                    return
            if self._work(until=incoming_id):
                return
            time.sleep(_LOOK_AGAIN_SECONDS)
        raise UserError("no answer within two minutes; the message is kept and will still be handled.")
