"""Who said that they will be there, and the pauses Telegram asked for. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("attending_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "send_pause",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "chat_id", name=op.f("pk_send_pause")),
    )


def downgrade() -> None:
    op.drop_table("send_pause")
    op.drop_column("booking", "attending_at")
