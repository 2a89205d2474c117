"""What customers asked one another: to swap the times of their visits. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0135"
down_revision = "0134"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "swap",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("start", INSTANT, nullable=False),
        sa.Column("other_start", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("deadline", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'lapsed', 'withdrawn')", name=op.f("ck_swap_state")
        ),
        sa.CheckConstraint("booking_id <> other_id", name=op.f("ck_swap_two")),
        *(
            sa.ForeignKeyConstraint(
                ["business_id", column],
                ["booking.business_id", "booking.id"],
                name=op.f(f"fk_swap_business_id_{column}"),
                ondelete="CASCADE",
            )
            for column in ("booking_id", "other_id")
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_swap")),
    )
    for name, column in (("uq_swap_asking", "booking_id"), ("uq_swap_asked", "other_id")):
        op.create_index(
            name, "swap", ["business_id", column], unique=True, postgresql_where=sa.text("state = 'open'")
        )
    op.create_index(
        "uq_swap_once", "swap", ["business_id", "booking_id", "other_id", "other_start"], unique=True
    )
    op.create_index("ix_swap_other", "swap", ["business_id", "other_id"])


def downgrade() -> None:
    op.drop_table("swap")
