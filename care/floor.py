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


class Floor:
    """What only one thread has at a time. It is no lock for data: it changes hands at every statement."""

    def __init__(self) -> None:
        """Nobody has it."""
        self._lock = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the floor within the block, but for the waiting. Not to be nested."""
        with self._lock:
            _mine.floor = self
            try:
                yield
            finally:
                _mine.floor = None

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """Let others have it within the block."""
        self._lock.release()
        try:
            yield
        finally:
            self._lock.acquire()


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
