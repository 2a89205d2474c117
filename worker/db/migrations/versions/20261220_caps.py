"""How many visits a specialist takes a day and a week. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("specialist", sa.Column("max_per_day", sa.SmallInteger(), nullable=True))
    op.add_column("specialist", sa.Column("max_per_week", sa.SmallInteger(), nullable=True))
    op.create_index(
        "ix_booking_over",
        "booking",
        ["business_id", "specialist_id", sa.text("lower(during)")],
        postgresql_where=sa.text("status IN ('done', 'no_show')"),
    )


def downgrade() -> None:
    op.drop_index("ix_booking_over", table_name="booking")
    op.drop_column("specialist", "max_per_week")
    op.drop_column("specialist", "max_per_day")
