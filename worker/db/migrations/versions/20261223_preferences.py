"""What people want to be told and when, and what customers say after a visit. Only adds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0127"
down_revision = "0126"
branch_labels = None
depends_on = None

RULES = (
    "adding-field-with-default, constraint-missing-not-valid, prefer-robust-stmts, "
    "require-concurrent-index-creation"
)


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("after_visits", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_until", sa.SmallInteger(), nullable=True),
        sa.Column("digest", postgresql.ARRAY(sa.SmallInteger()), server_default="{}", nullable=False),
        sa.Column("evening", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_preference_quiet")),
        sa.ForeignKeyConstraint(
            ["business_id", "person_id"],
            ["person.business_id", "person.id"],
            name=op.f("fk_preference_business_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "person_id", name=op.f("pk_preference")),
    )
    _run("ALTER TABLE business ADD COLUMN ratings text NOT NULL DEFAULT 'specialist'")
    _run(
        "ALTER TABLE business ADD CONSTRAINT ck_business_ratings"
        " CHECK (ratings IN ('specialist', 'owner', 'nobody'))"
    )
    _run("ALTER TABLE service ADD COLUMN again_after bigint")
    _run("ALTER TABLE service ADD CONSTRAINT ck_service_again_after CHECK (again_after > 0)")
    _run("ALTER TABLE booking ADD COLUMN rating smallint")
    _run("ALTER TABLE booking ADD CONSTRAINT ck_booking_rating CHECK (rating BETWEEN 1 AND 5)")
    _run("ALTER TABLE booking ADD COLUMN rating_words text")
    _run("CREATE INDEX ix_booking_rating ON booking (business_id, specialist_id) WHERE rating IS NOT NULL")


def downgrade() -> None:
    _run("ALTER TABLE booking DROP COLUMN rating_words")
    _run("ALTER TABLE booking DROP COLUMN rating")
    _run("ALTER TABLE service DROP COLUMN again_after")
    _run("ALTER TABLE business DROP COLUMN ratings")
    op.drop_table("preference")


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore {RULES}\n{statement}")
