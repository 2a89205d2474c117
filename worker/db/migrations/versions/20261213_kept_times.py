"""Until when a time is kept for somebody, and what for. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

KEPT = "status <> 'held' OR (kept_until IS NOT NULL AND kept_for IS NOT NULL)"


def upgrade() -> None:
    op.add_column("booking", sa.Column("kept_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("booking", sa.Column("kept_for", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_booking_kept"), "booking", KEPT)
    op.create_index(
        "ix_booking_held",
        "booking",
        ["business_id", "customer_id"],
        postgresql_where=sa.text("status = 'held'"),
    )


def downgrade() -> None:
    op.drop_index("ix_booking_held", table_name="booking")
    op.drop_constraint(op.f("ck_booking_kept"), "booking")
    op.drop_column("booking", "kept_for")
    op.drop_column("booking", "kept_until")
