"""Customers of visits for which nobody is there are offered other times. Only adds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "booking", sa.Column("waived", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_table(
        "rebooking",
        sa.Column("business_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("specialist_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id", "specialist_id"],
            ["specialist.business_id", "specialist.id"],
            name=op.f("fk_rebooking_business_id_specialist_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_rebooking")),
    )
    op.create_index(op.f("ix_rebooking_ended_at"), "rebooking", ["ended_at"])
    op.create_table(
        "rebooked_visit",
        sa.Column("business_id", sa.SmallInteger(), nullable=False),
        sa.Column("rebooking_id", sa.BigInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("was", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        *(_owned("rebooked_visit", column, table) for column, table in _OF_VISIT),
        sa.PrimaryKeyConstraint("business_id", "rebooking_id", "booking_id", name=op.f("pk_rebooked_visit")),
    )
    op.create_index(op.f("ix_rebooked_visit_booking_id"), "rebooked_visit", ["booking_id"])
    op.create_table(
        "alternative",
        sa.Column("business_id", sa.SmallInteger(), nullable=False),
        sa.Column("hold_id", sa.BigInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        *(_owned("alternative", column, "booking") for column in ("hold_id", "booking_id")),
        sa.PrimaryKeyConstraint("business_id", "hold_id", name=op.f("pk_alternative")),
    )
    op.create_index("ix_alternative_booking", "alternative", ["booking_id"])
    op.create_table(
        "rebooking_card",
        sa.Column("business_id", sa.SmallInteger(), nullable=False),
        sa.Column("rebooking_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _owned("rebooking_card", "rebooking_id", "rebooking"),
        sa.PrimaryKeyConstraint("business_id", "rebooking_id", "person_id", name=op.f("pk_rebooking_card")),
    )
    op.create_index("ix_rebooking_card_person", "rebooking_card", ["business_id", "person_id"])


_OF_VISIT = (("rebooking_id", "rebooking"), ("booking_id", "booking"))


def _owned(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["business_id", column],
        [f"{of}.business_id", f"{of}.id"],
        name=op.f(f"fk_{table}_business_id_{column}"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("rebooking_card", "alternative", "rebooked_visit", "rebooking"):
        op.drop_table(table)
    op.drop_column("booking", "waived")
