"""How often a promise failed by its own fault, and indexes by person. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("faults", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_index(op.f("ix_outbox_chat_id"), "outbox", ["chat_id"], unique=False)
    op.create_index(op.f("ix_booking_event_actor_id"), "booking_event", ["actor_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_booking_event_actor_id"), table_name="booking_event")
    op.drop_index(op.f("ix_outbox_chat_id"), table_name="outbox")
    op.drop_column("outbox", "faults")
