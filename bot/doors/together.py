"""What comes in meanwhile is done together: one thread asks the database for many who wait in the gateway's event loop.

While the brain works it has the interpreter most of the time, and whoever waits for the database has to wait for the
interpreter as well after each statement. So a thing in a transaction of its own costs much more than its statements;
what comes in during one transaction goes into the next one together.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from care.database import DatabaseUnavailable

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_AT_ONCE = 200
"""Things done in one go."""


@dataclass(frozen=True)
class _Waiting(Generic[T]):
    """A thing to do, and whom to tell that it is done."""

    thing: T
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[bool]

    def tell(self, error: Exception | None) -> None:
        """Call in the loop of who waits: done, or not."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(True)
        else:
            self.done.set_exception(error)


class Together(Generic[T]):
    """Does things for callers in an event loop, all that came in meanwhile at once and in order, in one thread."""

    def __init__(self, name: str, do: Callable[[list[T]], object]) -> None:
        """`do` gets things in order, and again one by one when it raises: it must not mind what it has done already.

        The thread begins with the first thing.
        """
        self._name = name
        self._do = do
        self._coming: SimpleQueue[_Waiting[T] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._starting = threading.Lock()

    async def do(self, thing: T) -> None:
        """Returns when it is done; raises what prevented that, DatabaseUnavailable among others."""
        if not self._thread.is_alive():
            with self._starting:
                if not self._thread.is_alive():
                    self._thread.start()
        loop = asyncio.get_running_loop()
        waiting = _Waiting(thing, loop, loop.create_future())
        self._coming.put(waiting)
        await waiting.done

    def close(self) -> None:
        """Do what waits, and stop."""
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
            self._do_all(together)
            if ends:
                return

    def _do_all(self, together: Sequence[_Waiting[T]]) -> None:
        try:
            self._do([one.thing for one in together])
        except DatabaseUnavailable as error:
            self._tell(together, error)
        except Exception as error:
            if len(together) == 1:
                self._tell(together, error)
                return
            # One of them cannot be done, which is no reason not to do the others.
            log.warning("%s of %s could not be done together (%s)", len(together), self._name, type(error).__name__)
            for one in together:
                self._do_all([one])
        else:
            self._tell(together, None)

    def _tell(self, together: Sequence[_Waiting[T]], error: Exception | None) -> None:
        loops = {one.loop for one in together}
        for loop in loops:
            mine = [one for one in together if one.loop is loop]
            try:
                loop.call_soon_threadsafe(_tell_all, mine, error)
            except RuntimeError:
                # The gateway has closed meanwhile; who called will call again, and it is kept once.
                log.info("%s of %s were done with nobody left to tell", len(mine), self._name)


def _tell_all(waiting: Sequence[_Waiting[T]], error: Exception | None) -> None:
    for one in waiting:
        one.tell(error)
