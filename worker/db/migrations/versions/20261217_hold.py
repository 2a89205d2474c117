"""For how long a service's time is kept for who is about to confirm it. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("hold", sa.BigInteger(), server_default="5", nullable=False))


def downgrade() -> None:
    op.drop_column("service", "hold")
