"""Which visits staff booked outside of the working hours, by name. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0125"
down_revision = "0124"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("outside", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("booking", "outside")
