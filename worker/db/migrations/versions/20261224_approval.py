"""How long requests wait for an answer, whose do, and how many may. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("approval_within", sa.BigInteger(), nullable=True))
    op.add_column(
        "service", sa.Column("approval_regulars", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("limits", sa.Column("max_requests", sa.SmallInteger(), server_default="3", nullable=False))


def downgrade() -> None:
    op.drop_column("limits", "max_requests")
    op.drop_column("service", "approval_regulars")
    op.drop_column("service", "approval_within")
