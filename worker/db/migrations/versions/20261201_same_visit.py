"""A customer has no two visits of one service at one start. Refuses a database that holds such a pair."""

import sqlalchemy as sa
from alembic import context, op
from alembic.util import CommandError

revision = "0050"
down_revision = "0009"
branch_labels = None
depends_on = None

LIVE = "status IN ('held', 'pending', 'confirmed') AND customer_id <> 0"
TWICE = """
    SELECT array_agg(id ORDER BY id) FROM booking WHERE {live}
    GROUP BY business_id, customer_id, service_id, lower(during) HAVING count(*) > 1
"""


def upgrade() -> None:
    if not context.is_offline_mode():
        _refuse_pairs()
    op.create_index(
        "uq_booking_same",
        "booking",
        ["business_id", "customer_id", "service_id", sa.text("lower(during)")],
        unique=True,
        postgresql_where=sa.text(LIVE),
    )


def downgrade() -> None:
    op.drop_index("uq_booking_same", table_name="booking")


def _refuse_pairs() -> None:
    """Which of two visits a customer wants, nobody here can know."""
    pairs = [", ".join(map(str, ids)) for (ids,) in op.get_bind().execute(sa.text(TWICE.format(live=LIVE)))]
    if pairs:
        raise CommandError(
            "some customers have a visit twice; cancel all but one of each before this upgrade: visits "
            + "; ".join(pairs)
        )
