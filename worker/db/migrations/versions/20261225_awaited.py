"""Whom a request waits for. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0129"
down_revision = "0128"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("awaits", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("booking", "awaits")
