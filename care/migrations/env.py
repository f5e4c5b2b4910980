"""How alembic reaches the database: over the connection that `care.database` hands it."""

from __future__ import annotations

from alembic import context

from care.models import metadata

OURS = frozenset(metadata.tables)


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Leave the job queue's own tables out of comparisons."""
    return kind != "table" or name in OURS


def run() -> None:
    """Run the migrations on the connection in the configuration's attributes, in its transaction."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, include_object=ours)
    with context.begin_transaction():
        context.run_migrations()


run()
