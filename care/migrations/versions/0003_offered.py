"""Series that wait for the helper's answer, and visits that hold the helper's time meanwhile."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let series and visits be offered first."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """There is no way back: what is offered or declined has no status in the former tables."""
    message = "offered and declined series cannot be expressed in the tables before"
    raise NotImplementedError(message)
