"""A specialist may take another time, or another price, for a service.

Nothing differs until the business file says so: a release before this one reads what the service says.
"""

from alembic import op

revision = "0061"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "specialist_service"
IS_PRICE = "price <@ '[0,)'::numrange AND NOT isempty(price)"
CHECKS = {"duration": "duration > 0", "price": IS_PRICE}


def upgrade() -> None:
    _alter("ADD COLUMN duration bigint")
    _alter("ADD COLUMN price numrange")
    for name, check in CHECKS.items():
        _alter(f"ADD CONSTRAINT ck_{TABLE}_{name} CHECK ({check})")


def downgrade() -> None:
    for name in CHECKS:
        _alter(f"DROP CONSTRAINT ck_{TABLE}_{name}")
    _alter("DROP COLUMN price")
    _alter("DROP COLUMN duration")


def _alter(change: str) -> None:
    op.execute(f"-- squawk-ignore constraint-missing-not-valid\nALTER TABLE {TABLE} {change}")
