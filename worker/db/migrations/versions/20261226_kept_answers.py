"""What was answered to a service's questions stays with its deposit until that is paid. Only adds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0130"
down_revision = "0129"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payment", sa.Column("answers", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("payment", "answers")
