"""Timers, conversations and drafts; a customer's note to a visit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
OBJECT = sa.text("'{}'")


def upgrade() -> None:
    op.create_table(
        "timer",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payload", JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint("key", name="uq_timer_key"),
    )
    op.create_index("ix_timer_due", "timer", ["due_at", "id"])
    op.create_table(
        "conversation",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_conversation"),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", JSONB(), server_default=OBJECT, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
    )
    op.create_index("ix_draft_person_id", "draft", ["person_id"])
    op.create_index("ix_draft_expires_at", "draft", ["expires_at"])
    op.add_column("booking", sa.Column("note", sa.Text(), nullable=True))
    # Visits that were booked before there were timers are completed by one, too.
    op.execute(
        """
        INSERT INTO timer (due_at, kind, key, payload)
        SELECT upper(during) + interval '1 day', 'visits.complete', 'complete:' || id,
            jsonb_build_object('booking_id', id)
        FROM booking WHERE status = 'confirmed'
        """
    )


def downgrade() -> None:
    op.drop_column("booking", "note")
    op.drop_table("draft")
    op.drop_table("conversation")
    op.drop_table("timer")
