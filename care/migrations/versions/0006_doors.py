"""What the doors must remember: who wants no messages, what was delivered, doors being linked, calendar feeds."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Who asked for no more messages must not be forgotten, so there is no way back."""
    message = "this version cannot be taken back: it knows who wants no messages"
    raise NotImplementedError(message)
