"""Prices may be none, from an amount on, or a range; services have categories; calendars know visits by UUID.

An amount that was kept stays that amount, and 0 stays free: it cannot be told from a price left out.
A release before this one cannot run afterwards.
"""

from alembic import op

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None

IS_PRICE = "price <@ '[0,)'::numrange AND NOT isempty(price)"
RULES = (
    *("adding-field-with-default", "changing-column-type", "constraint-missing-not-valid"),
    *("ban-drop-constraint", "ban-drop-not-null", "disallowed-unique-constraint", "ban-drop-column"),
    "adding-not-nullable-field",
)
"""Squawk's rules about what takes long on a large table: these are small, and nothing runs beside this."""


def upgrade() -> None:
    _alter("service", "DROP CONSTRAINT ck_service_price")
    for table in ("service", "booking"):
        _alter(table, "ALTER COLUMN price DROP NOT NULL")
        _alter(table, "ALTER COLUMN price TYPE numrange USING numrange(price, price, '[]')")
        _alter(table, f"ADD CONSTRAINT ck_{table}_price CHECK ({IS_PRICE})")
    _alter("service", "ADD COLUMN category text DEFAULT '' NOT NULL")
    _alter("service", "DROP CONSTRAINT uq_service_business_id_name")
    _alter(
        "service",
        "ADD CONSTRAINT uq_service_business_id_name_category UNIQUE (business_id, name, category)",
    )
    _alter("booking", "ADD COLUMN calendar_uid uuid DEFAULT gen_random_uuid() NOT NULL")


def downgrade() -> None:
    """Go back to single amounts, the least of a range and 0 for none; names take their category."""
    _alter("booking", "DROP COLUMN calendar_uid")
    op.execute("UPDATE service SET name = category || '/' || name WHERE category <> ''")
    _alter("service", "DROP CONSTRAINT uq_service_business_id_name_category")
    _alter("service", "ADD CONSTRAINT uq_service_business_id_name UNIQUE (business_id, name)")
    _alter("service", "DROP COLUMN category")
    for table in ("service", "booking"):
        _alter(table, f"DROP CONSTRAINT ck_{table}_price")
        _alter(table, "ALTER COLUMN price TYPE numeric(12, 2) USING coalesce(lower(price), 0)")
        _alter(table, "ALTER COLUMN price SET NOT NULL")
    _alter("service", "ADD CONSTRAINT ck_service_price CHECK (price >= 0)")


def _alter(table: str, change: str) -> None:
    op.execute(f"-- squawk-ignore {', '.join(RULES)}\nALTER TABLE {table} {change}")
