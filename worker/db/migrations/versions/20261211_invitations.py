"""Links that make people part of the business. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("business_id", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("specialist_id", sa.BigInteger(), nullable=True),
        sa.Column("specialist_name", sa.Text(), nullable=True),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("invited_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role IN ('owner', 'admin', 'specialist', 'founder')", name=op.f("ck_invitation_role")
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "specialist_id"],
            ["specialist.business_id", "specialist.id"],
            name=op.f("fk_invitation_business_id_specialist_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("business_id", "code_hash", name=op.f("uq_invitation_business_id_code_hash")),
    )


def downgrade() -> None:
    op.drop_table("invitation")
