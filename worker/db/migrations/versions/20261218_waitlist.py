"""Wishes for times that are not free, and what was offered of them. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "waitlist_entry",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("specialist_id", sa.BigInteger(), nullable=True),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        sa.Column("booking_id", sa.BigInteger(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("part", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("kept", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ranked_at", INSTANT, nullable=False),
        sa.Column("passed_at", INSTANT, nullable=True),
        sa.Column("passed_why", sa.Text(), nullable=True),
        sa.Column("passed_start", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_waitlist_entry_days")),
        sa.CheckConstraint("part BETWEEN 0 AND 3", name=op.f("ck_waitlist_entry_part")),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_waitlist_entry_ended")),
        sa.ForeignKeyConstraint(
            ["business_id", "customer_id"],
            ["person.business_id", "person.id"],
            name=op.f("fk_waitlist_entry_business_id_customer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "service_id"],
            ["service.business_id", "service.id"],
            name=op.f("fk_waitlist_entry_business_id_service_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "specialist_id"],
            ["specialist.business_id", "specialist.id"],
            name=op.f("fk_waitlist_entry_business_id_specialist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "location_id"],
            ["location.business_id", "location.id"],
            name=op.f("fk_waitlist_entry_business_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "booking_id"],
            ["booking.business_id", "booking.id"],
            name=op.f("fk_waitlist_entry_business_id_booking_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_waitlist_entry")),
    )
    op.create_index(
        "ix_waitlist_entry_line",
        "waitlist_entry",
        ["business_id", "ranked_at", "id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_waitlist_entry_customer", "waitlist_entry", ["business_id", "customer_id"])
    op.create_table(
        "waitlist_offer",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("specialist_id", sa.BigInteger(), nullable=False),
        sa.Column("start", INSTANT, nullable=False),
        sa.Column("freed_from", INSTANT, nullable=False),
        sa.Column("freed_until", INSTANT, nullable=False),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("by_staff", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("deadline", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'declined', 'lapsed', 'withdrawn')",
            name=op.f("ck_waitlist_offer_state"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "entry_id"],
            ["waitlist_entry.business_id", "waitlist_entry.id"],
            name=op.f("fk_waitlist_offer_business_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_waitlist_offer")),
    )
    op.create_index(
        "uq_waitlist_offer_open",
        "waitlist_offer",
        ["business_id", "customer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_waitlist_offer_once",
        "waitlist_offer",
        ["business_id", "customer_id", "service_id", "specialist_id", "start"],
        unique=True,
    )
    op.create_index("ix_waitlist_offer_lately", "waitlist_offer", ["business_id", "service_id", "made_at"])
    op.create_index(op.f("ix_waitlist_offer_entry_id"), "waitlist_offer", ["entry_id"])


def downgrade() -> None:
    op.drop_table("waitlist_offer")
    op.drop_table("waitlist_entry")
