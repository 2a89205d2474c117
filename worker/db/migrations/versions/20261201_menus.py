"""Which menu of typed commands a person has for themselves. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("menu", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "menu")
