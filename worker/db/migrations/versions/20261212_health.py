"""What is not well, and what owners were told of it. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "health_look",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_health_look_business_id")),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_health_look")),
    )
    op.create_table(
        "health_trouble",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("eased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_health_trouble_business_id")),
        sa.PrimaryKeyConstraint("business_id", "kind", name=op.f("pk_health_trouble")),
    )


def downgrade() -> None:
    op.drop_table("health_trouble")
    op.drop_table("health_look")
