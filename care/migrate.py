"""Bringing the database's tables up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import text

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x7468_7569_7362
"""The advisory lock under which one process migrates while others wait."""


def head() -> str:
    """The newest version: the highest of the numbers with which the files of the migrations begin."""
    return max(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def version(connection: Any) -> str | None:
    """The version of the tables, or None when there are none yet."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def migrate(engine: Any) -> None:
    """Bring the tables to the newest version, unless they are there; several processes may do so at once."""
    with engine.connect() as connection:
        if version(connection) == head():
            return
    # Imported late: a start at the newest version, the usual one, need not pay for it.
    from alembic import command
    from alembic.config import Config

    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
