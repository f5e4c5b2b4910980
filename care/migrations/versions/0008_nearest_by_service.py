"""The nearest helpers of a kind who offer a service, found by an index without reading the others."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep kind and place with each service, and index them."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Take them off again."""
    op.execute("DROP TRIGGER helper_moves ON helpers")
    op.execute("DROP FUNCTION helper_moves")
    op.execute("DROP TRIGGER helper_services_follow ON helper_services")
    op.execute("DROP FUNCTION helper_services_follow")
    op.drop_index("ix_helper_services_place")
    for column in ("kind", "latitude", "longitude", "max_distance_m", "active"):
        op.drop_column("helper_services", column)
    op.execute("DROP TYPE textrange")
