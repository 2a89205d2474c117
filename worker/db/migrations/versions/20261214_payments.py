"""Deposits: what was asked for which time, and the money that came. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("specialist_id", sa.BigInteger(), nullable=True),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        sa.Column("start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("keeps", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("charge_id", sa.Text(), nullable=True),
        sa.Column("provider_charge_id", sa.Text(), nullable=True),
        sa.Column("shown_in", sa.BigInteger(), nullable=True),
        sa.Column("invoice_message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'lapsed', 'paid', 'to_return', 'returned')", name=op.f("ck_payment_state")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_payment_amount")),
        sa.CheckConstraint(
            "(charge_id IS NOT NULL) = (state IN ('paid', 'to_return', 'returned'))",
            name=op.f("ck_payment_charge"),
        ),
        *(
            sa.ForeignKeyConstraint(
                ["business_id", column],
                [f"{table}.business_id", f"{table}.id"],
                name=op.f(f"fk_payment_business_id_{column}"),
            )
            for column, table in (
                ("person_id", "person"),
                ("service_id", "service"),
                ("specialist_id", "specialist"),
                ("location_id", "location"),
            )
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_payment")),
        sa.UniqueConstraint("business_id", "charge_id", name=op.f("uq_payment_business_id_charge_id")),
    )
    op.create_index("ix_payment_booking", "payment", ["business_id", "booking_id"])
    op.create_index("ix_payment_person", "payment", ["business_id", "person_id"])


def downgrade() -> None:
    op.drop_table("payment")
