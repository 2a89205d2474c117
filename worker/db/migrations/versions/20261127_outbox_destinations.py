"""A message of the outbox goes to a chat or to a web address, and is about any row.

A release before this one cannot write to the outbox afterwards.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("url", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("subject_type", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("subject_id", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE outbox SET subject_type = 'booking', subject_id = booking_id WHERE booking_id IS NOT NULL"
    )
    # A release before this one never runs beside it, and the table is small: each message leaves it in time.
    for rule, change in (
        ("ban-drop-not-null", "ALTER COLUMN chat_id DROP NOT NULL"),
        (
            "constraint-missing-not-valid",
            "ADD CONSTRAINT ck_outbox_destination CHECK (num_nonnulls(chat_id, url) = 1)",
        ),
        (
            "constraint-missing-not-valid",
            "ADD CONSTRAINT ck_outbox_subject CHECK ((subject_type IS NULL) = (subject_id IS NULL))",
        ),
        ("ban-drop-column", "DROP COLUMN booking_id"),
    ):
        op.execute(f"-- squawk-ignore {rule}\nALTER TABLE outbox {change}")
    op.create_index("ix_outbox_subject", "outbox", ["subject_id", "subject_type"])


def downgrade() -> None:
    op.add_column("outbox", sa.Column("booking_id", sa.BigInteger(), nullable=True))
    op.execute("UPDATE outbox SET booking_id = subject_id WHERE subject_type = 'booking'")
    op.execute("DELETE FROM outbox WHERE chat_id IS NULL")
    op.create_foreign_key(
        op.f("fk_outbox_booking_id"), "outbox", "booking", ["booking_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index(op.f("ix_outbox_booking_id"), "outbox", ["booking_id"], unique=False)
    op.drop_index("ix_outbox_subject", table_name="outbox")
    op.drop_constraint(op.f("ck_outbox_subject"), "outbox", type_="check")
    op.drop_constraint(op.f("ck_outbox_destination"), "outbox", type_="check")
    op.alter_column("outbox", "chat_id", existing_type=sa.BigInteger(), nullable=False)
    op.drop_column("outbox", "subject_id")
    op.drop_column("outbox", "subject_type")
    op.drop_column("outbox", "url")
