"""Whether customers may ask for earlier times, and swap. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0137"
down_revision = "0136"
branch_labels = None
depends_on = None

NAMES = ("earlier", "swaps")


def upgrade() -> None:
    for name in NAMES:
        op.add_column("business", sa.Column(name, sa.Boolean(), server_default="true", nullable=False))


def downgrade() -> None:
    for name in reversed(NAMES):
        op.drop_column("business", name)
