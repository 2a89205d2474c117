"""What a customer may do by themselves, and people who are to call instead. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "limits",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("max_upcoming", sa.SmallInteger(), nullable=False),
        sa.Column("max_cancelled", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("max_upcoming > 0 AND max_cancelled > 0", name=op.f("ck_limits_positive")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name="fk_limits_business_id"),
        sa.PrimaryKeyConstraint("business_id", name="pk_limits"),
    )


def downgrade() -> None:
    op.drop_table("limits")
    op.drop_column("person", "blocked_at")
