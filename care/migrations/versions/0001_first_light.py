"""The first tables, and those of the job queue."""

from __future__ import annotations

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    # Written out in SQL, as the models of that day would have it, so that later changes of the models leave it alone.
    _run(Path(__file__).with_suffix(".sql").read_text())
    _run(SchemaManager.get_schema())


def downgrade() -> None:
    """There is nothing before the first version; a database is emptied by dropping it."""
    message = "the first version cannot be taken back: drop the database instead"
    raise NotImplementedError(message)


def _run(script: str) -> None:
    """Run a script of several statements as it stands: by the driver, which then sees no parameters in it."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)
