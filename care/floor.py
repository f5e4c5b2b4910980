"""One thread at a time has the floor; who waits for the database lets another have it meanwhile.

Threads that compute at the same time only take Python's interpreter from each other. But a thread that waits for the
database needs no interpreter, and then the next can go on. It follows that nobody who has the floor ever waits for rows
that another has locked who waits for the floor.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2 import extensions

_STEP_ASIDE_SECONDS = 0.01
"""How long one waits for those who go first: however many of these there are, it is one's own turn then."""


class Floor:
    """What only one thread has at a time. It is no lock for data: it changes hands at every statement."""

    def __init__(self) -> None:
        """Nobody has it."""
        self._lock = threading.Lock()
        self._nobody_first = threading.Event()
        self._nobody_first.set()

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

    def _take(self) -> None:
        self._nobody_first.wait(_STEP_ASIDE_SECONDS)
        self._lock.acquire()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the floor within the block, but for the waiting. Not to be nested."""
        self._take()
        _mine.floor = self
        try:
            yield
        finally:
            _mine.floor = None
            self._lock.release()

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """Let others have it within the block."""
        self._lock.release()
        try:
            yield
        finally:
            self._take()


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
        with floor.given_up():
            return super().execute(*arguments)


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
            with floor.given_up():
                end()
