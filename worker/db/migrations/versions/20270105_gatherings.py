"""Places of a group that are kept for friends, who are booked together or not at all. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0139"
down_revision = "0138"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "gathering",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("organizer_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("specialist_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        sa.Column("start", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("deadline", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'booked', 'called_off', 'lapsed', 'impossible')",
            name=op.f("ck_gathering_state"),
        ),
        *(
            sa.ForeignKeyConstraint(
                ["business_id", column],
                [f"{table}.business_id", f"{table}.id"],
                name=op.f(f"fk_gathering_business_id_{column}"),
            )
            for column, table in (
                ("organizer_id", "person"),
                ("service_id", "service"),
                ("specialist_id", "specialist"),
                ("location_id", "location"),
            )
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_gathering")),
    )
    op.create_index(
        "uq_gathering_open",
        "gathering",
        ["business_id", "organizer_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open' AND organizer_id <> 0"),
    )
    op.create_index("ix_gathering_organizer_id", "gathering", ["business_id", "organizer_id", "made_at"])
    op.create_table(
        "gathering_place",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("gathering_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("booking_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", INSTANT, nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id", "gathering_id"],
            ["gathering.business_id", "gathering.id"],
            name=op.f("fk_gathering_place_business_id_gathering_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "customer_id"],
            ["person.business_id", "person.id"],
            name=op.f("fk_gathering_place_business_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "gathering_id", "place", name=op.f("pk_gathering_place")),
    )
    joined = sa.text("customer_id IS NOT NULL")
    op.create_index(
        "uq_gathering_place_customer_id",
        "gathering_place",
        ["business_id", "gathering_id", "customer_id"],
        unique=True,
        postgresql_where=joined,
    )
    op.create_index(
        "ix_gathering_place_customer_id",
        "gathering_place",
        ["business_id", "customer_id"],
        postgresql_where=joined,
    )


def downgrade() -> None:
    op.drop_table("gathering_place")
    op.drop_table("gathering")
