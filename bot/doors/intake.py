"""The intake: stores what is the brain's alone, all that came in meanwhile at once.

While the brain works it has the interpreter most of the time, and whoever waits for the database has to wait for the
interpreter as well after each statement. So a message of its own transaction costs much more than its statements; what
comes in during one transaction goes into the next one together.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from bot.jobs import defer_many
from care import inbox
from care.database import DatabaseUnavailable

if TYPE_CHECKING:
    from care.clock import Clock
    from care.database import Database
    from channels import Incoming

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
"""Messages in one transaction."""


@dataclass(frozen=True)
class _Waiting:
    """A message, and whom to tell that it is stored."""

    said: inbox.Said
    loop: asyncio.AbstractEventLoop
    stored: asyncio.Future[bool]

    def tell(self, error: Exception | None) -> None:
        """Call in the loop of who waits: stored, or not."""
        if self.stored.done():
            return
        if error is None:
            self.stored.set_result(True)
        else:
            self.stored.set_exception(error)


class Intake:
    """Takes messages in from the event loop of the gateway; the database is asked in one thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """The thread begins with the first message."""
        self._database = database
        self._clock = clock
        self._coming: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self._starting = threading.Lock()

    async def store(self, incoming: Incoming) -> None:
        """Store a message with its job; returns when it is certain that it is kept. The same one twice is kept once.

        Raises DatabaseUnavailable or SQLAlchemyError when it is not kept, and ValueError for an address that is none.
        """
        with self._starting:
            if not self._thread.is_alive():
                self._thread.start()
        said = inbox.Said(
            channel=incoming.channel,
            outside_id=incoming.outside_id,
            address=incoming.address,
            text=incoming.text,
            received=self._clock.now(),
            kind=incoming.kind,
            payload=dict(incoming.payload),
            language=incoming.language,
        )
        loop = asyncio.get_running_loop()
        waiting = _Waiting(said, loop, loop.create_future())
        self._coming.put(waiting)
        await waiting.stored

    def close(self) -> None:
        """Store what waits, and stop."""
        if self._thread.is_alive():
            self._coming.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (first := self._coming.get()) is not None:
            together, ends = [first], False
            while len(together) < MOST_AT_ONCE and not ends:
                try:
                    following = self._coming.get_nowait()
                except Empty:
                    break
                if following is None:
                    ends = True
                else:
                    together.append(following)
            self._store(together)
            if ends:
                return

    def _store(self, together: Sequence[_Waiting]) -> None:
        try:
            with self._database.begin() as session:
                defer_many(session, inbox.accept_many(session, [one.said for one in together]))
        except DatabaseUnavailable as error:
            self._tell(together, error)
        except Exception as error:
            if len(together) == 1:
                self._tell(together, error)
                return
            # One of them cannot be stored, which is no reason not to keep the others.
            log.warning("%s messages could not be stored together (%s)", len(together), type(error).__name__)
            for one in together:
                self._store([one])
        else:
            self._tell(together, None)

    @staticmethod
    def _tell(together: Sequence[_Waiting], error: Exception | None) -> None:
        loops = {one.loop for one in together}
        for loop in loops:
            mine = [one for one in together if one.loop is loop]
            try:
                loop.call_soon_threadsafe(_tell_all, mine, error)
            except RuntimeError:
                # The gateway has closed meanwhile; who called will call again, and it is kept once.
                log.info("%s messages were stored with nobody left to tell", len(mine))


def _tell_all(waiting: Sequence[_Waiting], error: Exception | None) -> None:
    for one in waiting:
        one.tell(error)
