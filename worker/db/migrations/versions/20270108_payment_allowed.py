"""When Telegram was told that it may take a deposit: what never came of it is looked for. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0142"
down_revision = "0141"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment", sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("payment", "allowed_at")
