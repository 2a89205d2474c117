"""A wish may be for several services in one visit. Only adds; of one service an offer is unique as before."""

import sqlalchemy as sa
from alembic import op

revision = "0143"
down_revision = "0142"
branch_labels = None
depends_on = None

ONCE = "uq_waitlist_offer_once"
OFFER = "waitlist_offer"


def upgrade() -> None:
    for table in ("waitlist_entry", OFFER):
        services = sa.ARRAY(sa.BigInteger())
        op.add_column(table, sa.Column("added", services, server_default="{}", nullable=False))
    op.add_column(OFFER, sa.Column("freed_specialist_id", sa.BigInteger(), nullable=True))
    op.drop_index(ONCE, OFFER)
    columns = ["business_id", "customer_id", "service_id", "added", "specialist_id", "start"]
    op.create_index(ONCE, OFFER, columns, unique=True)


def downgrade() -> None:
    # The release before knows no wish for several services, and would offer the first alone.
    op.execute("DELETE FROM waitlist_offer WHERE added <> '{}'")
    op.execute("DELETE FROM waitlist_entry WHERE added <> '{}'")
    op.drop_index(ONCE, OFFER)
    columns = ["business_id", "customer_id", "service_id", "specialist_id", "start"]
    op.create_index(ONCE, OFFER, columns, unique=True)
    op.drop_column(OFFER, "freed_specialist_id")
    for table in (OFFER, "waitlist_entry"):
        op.drop_column(table, "added")
