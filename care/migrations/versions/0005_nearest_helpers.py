"""The nearest helpers of ever more, found by an index in order of distance."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the index of places in the place of that of latitudes."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Put the index of latitudes back."""
    op.drop_index("ix_helpers_place")
    op.execute("CREATE INDEX ix_helpers_area ON helpers (latitude, longitude) WHERE active")
