"""The staff may choose to whom a freed time is offered. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None

STRETCH = ("business_id", "specialist_id", "freed_from", "freed_until")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("business", sa.Column("choose_within", sa.BigInteger(), nullable=True))
    op.create_check_constraint(op.f("ck_business_choose_within"), "business", "choose_within > 0")
    op.create_table(
        "waitlist_choice",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("specialist_id", sa.BigInteger(), nullable=False),
        sa.Column("freed_from", INSTANT, nullable=False),
        sa.Column("freed_until", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("deadline", INSTANT, nullable=False),
        sa.CheckConstraint("state IN ('open', 'chosen', 'lapsed')", name=op.f("ck_waitlist_choice_state")),
        sa.CheckConstraint("freed_from < freed_until", name=op.f("ck_waitlist_choice_stretch")),
        sa.ForeignKeyConstraint(
            ["business_id", "specialist_id"],
            ["specialist.business_id", "specialist.id"],
            name=op.f("fk_waitlist_choice_business_id_specialist_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_waitlist_choice")),
    )
    op.create_index(
        "uq_waitlist_choice_open",
        "waitlist_choice",
        STRETCH,
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    op.drop_table("waitlist_choice")
    op.drop_constraint(op.f("ck_business_choose_within"), "business")
    op.drop_column("business", "choose_within")
