"""What services ask before they are booked, and what was answered. Only adds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0118"
down_revision = "0117"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_question",
        sa.Column("business_id", sa.SmallInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("several", sa.Boolean(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("first_visit", sa.Boolean(), nullable=False),
        sa.CheckConstraint("type IN ('text', 'phone', 'photo')", name=op.f("ck_service_question_type")),
        sa.ForeignKeyConstraint(
            ["business_id", "service_id"],
            ["service.business_id", "service.id"],
            name=op.f("fk_service_question_business_id_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "service_id", "place", name=op.f("pk_service_question")),
    )
    op.create_table(
        "booking_answer",
        sa.Column("business_id", sa.SmallInteger(), nullable=False),
        sa.Column("booking_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "booking_id"],
            ["booking.business_id", "booking.id"],
            name=op.f("fk_booking_answer_business_id_booking_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "booking_id", "place", name=op.f("pk_booking_answer")),
    )


def downgrade() -> None:
    op.drop_table("booking_answer")
    op.drop_table("service_question")
