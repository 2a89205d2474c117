"""What happened to the business itself: who changed what, when, from where. Only adds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "business_event",
        sa.Column("business_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), server_default="", nullable=False),
        sa.Column("people", postgresql.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_business_event_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_business_event")),
    )
    op.create_index(op.f("ix_business_event_actor_id"), "business_event", ["actor_id"])
    op.create_index("ix_business_event_entry", "business_event", ["business_id", "section", "number"])


def downgrade() -> None:
    op.drop_table("business_event")
