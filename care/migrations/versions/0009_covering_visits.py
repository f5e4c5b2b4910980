"""When helpers and recipients have visits, read from an index without the visits themselves."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the two indexes hold what offers need to know."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Take it out of them."""
    for column in ("helper_id", "recipient_id"):
        op.drop_index(f"ix_visits_{column}_starts", "visits")
        op.create_index(f"ix_visits_{column}_starts", "visits", [column, "starts"])
