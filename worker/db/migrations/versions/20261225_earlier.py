"""One wish at a time to be earlier for each visit. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "uq_waitlist_entry_visit",
        "waitlist_entry",
        ["business_id", "booking_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_waitlist_entry_visit", table_name="waitlist_entry")
