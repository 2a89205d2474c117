"""What else belongs to a visit: services that follow it, each a row beside it. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0134"
down_revision = "0133"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("part_of", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "fk_booking_business_id_part_of",
        "booking",
        "booking",
        ["business_id", "part_of"],
        ["business_id", "id"],
        ondelete="CASCADE",
    )
    op.create_index(
        "ix_booking_part_of",
        "booking",
        ["business_id", "part_of"],
        postgresql_where=sa.text("part_of IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM booking WHERE part_of IS NOT NULL")
    op.drop_index("ix_booking_part_of", "booking")
    op.drop_constraint("fk_booking_business_id_part_of", "booking")
    op.drop_column("booking", "part_of")
