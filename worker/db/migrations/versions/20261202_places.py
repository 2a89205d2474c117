"""Where each specialist works, by weekday."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0030"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "specialist_location",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("specialist_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weekdays", ARRAY(sa.SmallInteger()), nullable=False),
        sa.CheckConstraint("weekdays <@ ARRAY[0, 1, 2, 3, 4, 5, 6]::smallint[]", name="weekdays"),
        sa.ForeignKeyConstraint(
            ["business_id", "specialist_id"],
            ["specialist.business_id", "specialist.id"],
            name="fk_specialist_location_business_id_specialist_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "location_id"],
            ["location.business_id", "location.id"],
            name="fk_specialist_location_business_id_location_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "specialist_id", "location_id", name="pk_specialist_location"),
    )
    op.create_index("ix_specialist_location_location_id", "specialist_location", ["location_id"])


def downgrade() -> None:
    op.drop_table("specialist_location")
