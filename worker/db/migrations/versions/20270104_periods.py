"""Hours of a season, of some weeks, of some weekdays of a month. Only adds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, JSONB

revision = "0138"
down_revision = "0137"
branch_labels = None
depends_on = None

OWNERS = ("specialist", "service", "resource")


def upgrade() -> None:
    for owner in OWNERS:
        table = f"{owner}_period"
        op.create_table(
            table,
            sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
            sa.Column(f"{owner}_id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
            sa.Column("validity", JSONB(), nullable=False),
            sa.Column("minutes", INT4MULTIRANGE(), nullable=False),
            sa.CheckConstraint("minutes <@ int4range(0, 7 * 1440)", name=op.f(f"ck_{table}_minutes")),
            sa.ForeignKeyConstraint(
                ["business_id", f"{owner}_id"],
                [f"{owner}.business_id", f"{owner}.id"],
                name=op.f(f"fk_{table}_business_id_{owner}_id"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("business_id", f"{owner}_id", "place", name=op.f(f"pk_{table}")),
        )


def downgrade() -> None:
    for owner in reversed(OWNERS):
        op.drop_table(f"{owner}_period")
