"""The database: opened once in a process, used in transactions."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from care.floor import Connection, Cursor, Floor
from care.migrate import migrate

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection as Statements
    from sqlalchemy.engine.url import URL

CONNECT_SECONDS = 5
STATEMENT_SECONDS = 15
IDLE_SECONDS = 120


class DatabaseUnavailable(Exception):
    """The database cannot be reached or started; the message says what to do about it."""


@dataclass(frozen=True)
class Database:
    """An open database, its tables up to date. `url` is for libpq (psycopg, procrastinate)."""

    url: str
    engine: Any
    by_itself: Any
    """The same, with connections on which every statement is a transaction of its own: to make one of another such, and
    back again, costs as much as the statement.
    """
    floor: Floor = field(default_factory=Floor)
    """Who computes in this process, of those who use the database a lot."""

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end of the block, rolled back when the block raises.

        Rows stay readable after the end. Raises DatabaseUnavailable when no connection can be had.
        """
        session = _Sessions(bind=self.engine)
        try:
            with session.begin():
                try:
                    session.connection()
                except OperationalError as error:
                    raise _unavailable(self.engine.url) from error
                yield session
        finally:
            session.close()

    @contextmanager
    def by_statement(self) -> Iterator[Statements]:
        """A connection on which every statement is a transaction of its own, for what needs one statement only.

        Raises DatabaseUnavailable when none can be had.
        """
        try:
            connection = self.by_itself.connect()
        except OperationalError as error:
            raise _unavailable(self.engine.url) from error
        with connection:
            yield connection

    def close(self) -> None:
        """Close the connections. An embedded server stops when the last process that uses it ends."""
        self.engine.dispose()
        self.by_itself.dispose()


_Sessions = sessionmaker(future=True, expire_on_commit=False)


def open_database(url: str | None, data: Path) -> Database:
    """Open the database at `url` (postgresql://…), or the embedded one under `data`; bring its tables up to date.

    Raises DatabaseUnavailable when it cannot be reached or started, or when `url` is not one of PostgreSQL.
    """
    address = make_url(_embedded(data / "postgres")) if url is None else _checked(url)
    engine = _engine(address, ours=url is None)
    try:
        migrate(engine)
    except OperationalError as error:
        engine.dispose()
        raise _unavailable(address) from error
    by_itself = _engine(address, ours=url is None, isolation_level="AUTOCOMMIT")
    return Database(url=_libpq(address), engine=engine, by_itself=by_itself)


def _engine(address: URL, *, ours: bool, **more: Any) -> Any:
    return create_engine(
        address.set(drivername="postgresql+psycopg2"),
        future=True,
        # Our own server ends after us; one elsewhere may be restarted or drop idle connections.
        pool_pre_ping=not ours,
        pool_size=5,
        max_overflow=15,
        pool_timeout=10,
        use_native_hstore=False,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "thuisbel",
            "connection_factory": Connection,
            "cursor_factory": Cursor,
            "options": f"-c timezone=UTC -c statement_timeout={STATEMENT_SECONDS}s"
            f" -c idle_in_transaction_session_timeout={IDLE_SECONDS}s",
        },
        **more,
    )


def _embedded(folder: Path) -> str:
    from care.embedded import start_server

    try:
        return start_server(folder)
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        message = (
            f"The built-in database under {folder} cannot be started ({type(error).__name__})."
            f" Look in {folder / 'log'}, choose another folder with THUISBEL_DATA,"
            " or name a PostgreSQL server with THUISBEL_DATABASE_URL."
        )
        raise DatabaseUnavailable(message) from error


def _checked(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnavailable(_NO_URL) from error
    if address.drivername.split("+")[0] not in ("postgresql", "postgres"):
        raise DatabaseUnavailable(_NO_URL)
    return address.set(drivername="postgresql")


_NO_URL = "THUISBEL_DATABASE_URL is not the address of a PostgreSQL server (postgresql://user:password@host/name)."


def _libpq(address: URL) -> str:
    return str(address.set(drivername="postgresql").render_as_string(hide_password=False))


def _unavailable(address: URL) -> DatabaseUnavailable:
    where = address.query.get("host") or f"{address.host or 'localhost'}:{address.port or 5432}"
    return DatabaseUnavailable(
        f"The database at {where} cannot be reached. Check that the PostgreSQL server runs and that"
        " THUISBEL_DATABASE_URL is right, or leave that variable out to use the built-in database."
    )
