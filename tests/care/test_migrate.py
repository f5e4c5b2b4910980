"""The migrations and the models tell the same story."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, InternalError

from care.database import Database, open_database
from care.migrate import FOLDER, head, version
from care.models import VISIT_STATUSES, metadata


def test_the_newest_file_is_the_head_of_the_chain() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [head()]


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_tables_are_those_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_object": lambda _o, name, kind, *_: kind != "table" or name in metadata.tables,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_the_constraints_are_those_of_the_models(database: Database) -> None:
    found = set()
    preparer = database.engine.dialect.identifier_preparer
    inspector = inspect(database.engine)
    for table in metadata.tables:
        found |= {check["name"] for check in inspector.get_check_constraints(table)}
    meant = {
        preparer.format_constraint(constraint)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, (CheckConstraint, ExcludeConstraint))
    }
    with database.engine.connect() as connection:
        names = connection.execute(text("SELECT conname FROM pg_constraint WHERE contype = 'x'")).scalars()
        found |= set(names)
    assert meant == found
    assert "visits_of_a_helper_never_overlap" in found


def test_the_expression_index_of_the_gazetteer_exists(database: Database) -> None:
    with database.engine.connect() as connection:
        definition = connection.scalar(
            text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_places_town_street'")
        )
    assert "lower(town), lower(street)" in definition


def test_several_processes_may_migrate_at_once(server_url: str) -> None:
    name = "test_migrate_at_once"
    url = str(make_url(server_url).set(database=name).render_as_string(hide_password=False))
    connection = psycopg2.connect(server_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        with ThreadPoolExecutor(4) as pool:
            opened = list(pool.map(lambda _: open_database(url, Path()), range(4)))
        with opened[0].engine.connect() as one:
            assert version(one) == head()
        for database in opened:
            database.close()
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    connection.close()


def test_the_audit_log_cannot_be_changed(database: Database) -> None:
    insert = text("INSERT INTO audit (happened, what) VALUES (now(), 'test')")
    for change in ("UPDATE audit SET what = 'x'", "DELETE FROM audit"):
        with database.engine.connect() as connection:
            connection.execute(insert)
            with pytest.raises(InternalError, match="append-only"):
                connection.execute(text(change))


def test_an_unknown_status_is_refused(database: Database) -> None:
    assert "planned" in VISIT_STATUSES
    with database.engine.connect() as connection, pytest.raises(IntegrityError, match="ck_outbox_status"):
        connection.execute(
            text(
                "INSERT INTO outbox (contact_id, channel, address, text, kind, due, status)"
                " VALUES (1, 'sms', '+31', 't', 'reply', now(), 'lost')"
            )
        )
