"""The business's own words for the welcome, reminders and after a visit, per language. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None

KINDS = "kind IN ('welcome', 'reminder', 'after_visit')"


def upgrade() -> None:
    op.create_table(
        "own_text",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_own_text_kind")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_own_text_business_id")),
        sa.PrimaryKeyConstraint("business_id", "kind", "language", name=op.f("pk_own_text")),
    )
    op.create_table(
        "service_text",
        sa.Column("business_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("service_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "service_id"],
            ["service.business_id", "service.id"],
            name=op.f("fk_service_text_business_id_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "service_id", "language", name=op.f("pk_service_text")),
    )


def downgrade() -> None:
    op.drop_table("service_text")
    op.drop_table("own_text")
