"""How many places of a group a booking, a wish and a deposit are for, and who comes along. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0136"
down_revision = "0135"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("max_places", sa.SmallInteger(), server_default="1", nullable=False))
    op.create_check_constraint(op.f("ck_service_max_places"), "service", "max_places > 0")
    op.add_column("booking", sa.Column("companions", sa.Text(), nullable=True))
    op.add_column(
        "waitlist_entry", sa.Column("places", sa.SmallInteger(), server_default="1", nullable=False)
    )
    op.create_check_constraint(op.f("ck_waitlist_entry_places"), "waitlist_entry", "places > 0")
    op.add_column("payment", sa.Column("places", sa.SmallInteger(), server_default="1", nullable=False))


def downgrade() -> None:
    op.drop_column("payment", "places")
    op.drop_constraint(op.f("ck_waitlist_entry_places"), "waitlist_entry")
    op.drop_column("waitlist_entry", "places")
    op.drop_column("booking", "companions")
    op.drop_constraint(op.f("ck_service_max_places"), "service")
    op.drop_column("service", "max_places")
