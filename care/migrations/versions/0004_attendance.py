"""The day of a visit: check-in, substitutes, and the daily rounds."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Forget them."""
    op.drop_index("ix_visits_starts_open", "visits")
    op.drop_index("ix_visits_starts_requested", "visits")
    op.drop_column("helpers", "checks_in")
    for table in ("marks", "substituted_visits", "substitutions", "stand_ins", "check_ins"):
        op.drop_table(table)
