"""Opening the database: embedded, shared, elsewhere, unreachable."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from care.database import Database, DatabaseUnavailable, open_database
from care.models import Contact

USER = """
import sys
from pathlib import Path
from care.database import open_database
database = open_database(None, Path(sys.argv[1]))
with database.begin() as session:
    print(session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar(), flush=True)
sys.stdin.readline()
"""


def count(database: Database) -> int:
    with database.begin() as session:
        return int(session.scalar(select(func.count()).select_from(Contact)))


def test_a_transaction_is_kept_at_the_end_of_the_block(database: Database, now: datetime) -> None:
    before = count(database)
    with database.begin() as session:
        session.add(Contact(phone="+31612300001", created=now))
    assert count(database) == before + 1


def test_a_transaction_is_taken_back_when_the_block_raises(database: Database, now: datetime) -> None:
    before = count(database)

    def half_done() -> None:
        with database.begin() as session:
            session.add(Contact(phone="+31612300002", created=now))
            session.flush()
            raise KeyError("half way")

    with pytest.raises(KeyError):
        half_done()
    assert count(database) == before


def test_moments_come_back_aware_and_the_same(database: Database, now: datetime) -> None:
    with database.begin() as session:
        contact = Contact(phone="+31612300003", created=now)
        session.add(contact)
    with database.begin() as session:
        found = session.get(Contact, contact.id).created
    assert found.tzinfo is not None
    assert found == now


def test_a_statement_that_takes_too_long_is_stopped(database: Database) -> None:
    with database.begin() as session:
        assert session.scalar(text("SHOW statement_timeout")) == "15s"
        assert session.scalar(text("SHOW timezone")) == "UTC"


def test_an_unreachable_server_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1 cannot be reached.*THUISBEL_DATABASE_URL"):
        open_database("postgresql://someone:secret@127.0.0.1:1/thuisbel", tmp_path)


def test_the_password_is_not_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable) as error:
        open_database("postgresql://someone:secret@127.0.0.1:1/thuisbel", tmp_path)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("url", ["sqlite:///x", "nonsense", "", "mysql://a/b"])
def test_what_is_no_address_of_postgresql_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="not the address"):
        open_database(url, tmp_path)


def test_a_server_that_went_away_is_told_at_the_next_transaction(database_url: str) -> None:
    opened = open_database(database_url, Path())
    gone = Database(url=opened.url, engine=opened.engine.execution_options(), by_itself=opened.by_itself)
    opened.engine.dispose()
    opened.engine.pool._creator = _refuse
    with pytest.raises(DatabaseUnavailable), gone.begin():
        pytest.fail("there is no connection to be had")


def _refuse() -> None:
    import psycopg2

    raise psycopg2.OperationalError("could not connect to server")


def test_the_url_is_one_for_libpq(database: Database) -> None:
    import psycopg

    assert database.url.startswith("postgresql://")
    with psycopg.connect(database.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_warm_start_asks_for_the_version_only(database_url: str) -> None:
    open_database(database_url, Path()).close()
    start = time.perf_counter()
    open_database(database_url, Path()).close()
    # Meant to be under 50 ms; the bound leaves room for a busy machine.
    assert time.perf_counter() - start < 0.5


def test_the_job_queue_is_there(database: Database) -> None:
    with database.begin() as session:
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
        with pytest.raises(ProgrammingError), session.begin_nested():
            session.execute(text("SELECT * FROM no_such_table"))


class TestEmbedded:
    """A server of our own under a folder."""

    def test_processes_share_one_server_and_the_last_stops_it(self, tmp_path: Path) -> None:
        first, second = self._user(tmp_path), self._user(tmp_path)
        try:
            pid = self._server(tmp_path)
            self._leave(first)
            assert psutil.pid_exists(pid)
        finally:
            self._leave(second)
        assert not (tmp_path / "postgres" / "postmaster.pid").exists()

    def test_it_starts_under_a_locale_that_is_not_installed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LC_ALL", "nl_XX.UTF-8")
        self._leave(self._user(tmp_path))
        assert (tmp_path / "postgres" / "PG_VERSION").exists()
        assert os.environ["LC_ALL"] == "nl_XX.UTF-8"

    def test_a_process_that_was_killed_does_not_keep_the_server_alive(self, tmp_path: Path) -> None:
        killed = self._user(tmp_path)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        killed.stdin.close()
        killed.stdout.close()
        assert self._server(tmp_path)
        self._leave(self._user(tmp_path))
        assert not (tmp_path / "postgres" / "postmaster.pid").exists()

    def test_a_stranger_with_the_servers_old_pid_is_not_taken_for_it(self, tmp_path: Path) -> None:
        self._leave(self._user(tmp_path))
        folder = tmp_path / "postgres"
        stale = [str(os.getpid()), str(folder), "1700000000", "5432", str(folder), "", "1 1", "ready"]
        (folder / "postmaster.pid").write_text("\n".join(stale) + "\n")
        self._leave(self._user(tmp_path))

    def test_a_long_path_is_no_trouble(self, tmp_path: Path) -> None:
        deep = tmp_path / ("a-folder-with-quite-a-long-name-" * 3) / ("another-one-that-is-longer-still-" * 3)
        deep.mkdir(parents=True)
        self._leave(self._user(deep))

    def test_others_cannot_read_the_folders_above(self, tmp_path: Path) -> None:
        private = tmp_path / "private"
        private.mkdir(mode=0o700)
        self._leave(self._user(private))
        assert not private.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)

    def _user(self, folder: Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline().strip().isdigit()
        return process

    def _leave(self, process: subprocess.Popen[str]) -> None:
        process.communicate("\n", timeout=60)
        assert process.returncode == 0

    def _server(self, folder: Path) -> int:
        return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "postgres").write_text("not a folder")
    with pytest.raises(DatabaseUnavailable, match="THUISBEL_DATA"):
        open_database(None, tmp_path)
