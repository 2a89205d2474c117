"""A visit keeps how late its customer said they would be. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("late_minutes", sa.SmallInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("booking", "late_minutes")
