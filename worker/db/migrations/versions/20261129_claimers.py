"""Who has claimed a due row: a process that is no longer connected has died. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("claimer", sa.Text(), nullable=True))
    op.add_column("timer", sa.Column("claimer", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("timer", "claimer")
    op.drop_column("outbox", "claimer")
