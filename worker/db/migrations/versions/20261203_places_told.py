"""Visits say whether they were moved: their version grows with what the business corrects, too."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("moved", sa.Boolean(), server_default="false", nullable=False))
    op.execute("UPDATE booking SET moved = true WHERE version > 1")


def downgrade() -> None:
    op.drop_column("booking", "moved")
