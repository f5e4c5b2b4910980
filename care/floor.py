"""One thread at a time has the floor; who waits for the database lets another have it meanwhile.

Threads that compute at the same time only take Python's interpreter from each other. But a thread that waits for the
database needs no interpreter, and then the next can go on. It follows that nobody who has the floor ever waits for rows
that another has locked who waits for the floor.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2 import extensions

_STEP_ASIDE_SECONDS = 0.01
"""How long one waits for those who go first: however many of these there are, it is one's own turn then."""
_LATE_SECONDS = 0.02
"""Who waits outside for less than this is in good time: nobody steps aside for that."""
_CATCH_UP_SECONDS = 0.05
"""How long one steps aside for those who have waited longer; then it is one's own turn, however many they are."""


class Floor:
    """What only one thread has at a time. It is no lock for data: it changes hands at every statement."""

    def __init__(self) -> None:
        """Nobody has it."""
        self._lock = threading.Lock()
        self._nobody_first = threading.Event()
        self._nobody_first.set()
        # Since when each waits who waits outside.
        self._outside: dict[object, float] = {}
        self._caught_up = threading.Event()

    @contextmanager
    def waited_outside(self) -> Iterator[None]:
        """Within the block somebody outside waits for an answer that needs no floor, but the interpreter: when it is
        late, all who work here step aside for a moment. Any number of them, of one thread or several.
        """
        one = object()
        self._outside[one] = time.monotonic()
        try:
            yield
        finally:
            del self._outside[one]
            if not self._is_late():
                self._caught_up.set()

    def step_aside(self) -> None:
        """Wait until nobody outside is late any more, for a moment at most. For work that nobody waits for."""
        if self._is_late():
            self._caught_up.clear()
            # The last of them may have gone in between, and would not be heard any more.
            if self._is_late():
                self._caught_up.wait(_CATCH_UP_SECONDS)

    def _is_late(self) -> bool:
        since = min(list(self._outside.values()), default=None)
        return since is not None and time.monotonic() - since > _LATE_SECONDS

    @contextmanager
    def going_first(self) -> Iterator[None]:
        """Within the block nobody takes the floor, for a moment: for short work that somebody waits for, and that
        would have to wait for the interpreter after each of its statements. For one thread only.
        """
        self._nobody_first.clear()
        try:
            yield
        finally:
            self._nobody_first.set()

    def take(self) -> None:
        """Have it when it is one's turn, and nobody goes first; to be given up soon."""
        self._nobody_first.wait(_STEP_ASIDE_SECONDS)
        self.step_aside()
        self._lock.acquire()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the floor within the block, but for the waiting. Not to be nested."""
        self.take()
        _mine.floor = self
        try:
            yield
        finally:
            _mine.floor = None
            self._lock.release()

    def give_up(self) -> None:
        """Let others have it; to be taken again."""
        self._lock.release()


class _Mine(threading.local):
    """The floor that a thread has."""

    floor: Floor | None = None


_mine = _Mine()


class Cursor(extensions.cursor):
    """Gives the floor up while a statement is on its way."""

    def execute(self, *arguments: Any) -> Any:
        """As psycopg2's."""
        floor = _mine.floor
        if floor is None:
            return super().execute(*arguments)
        # Not a context manager: this is done for every statement of a turn.
        floor.give_up()
        try:
            return super().execute(*arguments)
        finally:
            floor.take()


class Connection(extensions.connection):
    """Gives the floor up while a transaction ends."""

    def commit(self) -> None:
        """As psycopg2's."""
        self._waiting(super().commit)

    def rollback(self) -> None:
        """As psycopg2's."""
        self._waiting(super().rollback)

    @staticmethod
    def _waiting(end: Any) -> None:
        floor = _mine.floor
        if floor is None:
            end()
        else:
            floor.give_up()
            try:
                end()
            finally:
                floor.take()
