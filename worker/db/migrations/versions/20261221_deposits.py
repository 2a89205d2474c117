"""What services ask to be paid ahead. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0124"
down_revision = "0123"
branch_labels = None
depends_on = None

DEPOSIT = r"deposit ~ '^\d+(\.\d+)?$|^\d{1,3}%$'"


def upgrade() -> None:
    op.add_column("service", sa.Column("deposit", sa.Text(), nullable=True))
    op.add_column("service", sa.Column("deposit_for", sa.Text(), server_default="all", nullable=False))
    op.add_column("service", sa.Column("keep_deposit", sa.Boolean(), server_default="false", nullable=False))
    op.create_check_constraint(op.f("ck_service_deposit"), "service", DEPOSIT)
    op.create_check_constraint(op.f("ck_service_deposit_for"), "service", "deposit_for IN ('all', 'new')")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_service_deposit_for"), "service")
    op.drop_constraint(op.f("ck_service_deposit"), "service")
    for column in ("keep_deposit", "deposit_for", "deposit"):
        op.drop_column("service", column)
