"""Every row says whose business it is, and no row can name one of another business.

What was there before is of business 1. A release before this one cannot write afterwards.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEYS = {
    "location": ("id",),
    "service": ("id",),
    "specialist": ("id",),
    "specialist_service": ("specialist_id", "service_id"),
    "working_hours": ("specialist_id", "weekday"),
    "schedule_exception": ("specialist_id", "day"),
    "person": ("id",),
    "role_grant": ("person_id", "role"),
    "booking": ("id",),
    "booking_event": ("id",),
    "outbox": ("id",),
    "dead_command": ("id",),
    "timer": ("id",),
    "conversation": ("person_id",),
    "draft": ("id",),
}
"""The tables, and what made the key of each."""
UNIQUE = (
    ("location", "name"),
    ("service", "name"),
    ("specialist", "name"),
    ("specialist", "telegram_id"),
    ("outbox", "dedupe_key"),
    ("dead_command", "job_id"),
    ("timer", "key"),
)
REFERENCES = (
    ("booking", "service_id", "service", ""),
    ("booking", "specialist_id", "specialist", ""),
    ("booking", "location_id", "location", ""),
    ("booking", "customer_id", "person", ""),
    ("booking_event", "booking_id", "booking", " ON DELETE CASCADE"),
    ("specialist_service", "specialist_id", "specialist", " ON DELETE CASCADE"),
    ("specialist_service", "service_id", "service", " ON DELETE CASCADE"),
    ("working_hours", "specialist_id", "specialist", " ON DELETE CASCADE"),
    ("schedule_exception", "specialist_id", "specialist", " ON DELETE CASCADE"),
)
OF_BUSINESS = ("location", "service", "specialist", "role_grant")
"""What names no other row of its business."""
INDEXES = (
    ("ix_booking_customer", "booking", "customer_id, upper(during)", ""),
    ("ix_outbox_due", "outbox", "due_at, id", " WHERE state = 'pending'"),
    ("ix_timer_due", "timer", "due_at, id", ""),
)
RULES = (
    *("adding-foreign-key-constraint", "adding-serial-primary-key-field", "constraint-missing-not-valid"),
    *("ban-drop-constraint", "ban-drop-default", "disallowed-unique-constraint"),
)
"""Squawk's rules about what takes long on a large table: these are small, and nothing runs beside this."""


def upgrade() -> None:
    _alter("business", "DROP CONSTRAINT ck_business_single")
    for table in KEYS:
        _alter(table, "ADD COLUMN business_id smallint DEFAULT 1 NOT NULL")
    _drop("fk", ((table, column) for table, column, _, _ in REFERENCES))
    _drop("uq", UNIQUE)
    for table, key in KEYS.items():
        _alter(table, f"DROP CONSTRAINT pk_{table}")
        _alter(table, f"ADD CONSTRAINT pk_{table} PRIMARY KEY (business_id, {', '.join(key)})")
    _alter("specialist", "ADD CONSTRAINT uq_specialist_id UNIQUE (id)")
    for table, column in UNIQUE:
        name = f"uq_{table}_business_id_{column}"
        _alter(table, f"ADD CONSTRAINT {name} UNIQUE (business_id, {column})")
    for table, column, other, action in REFERENCES:
        named = f"(business_id, {column}) REFERENCES {other} (business_id, id)"
        _alter(table, f"ADD CONSTRAINT fk_{table}_business_id_{column} FOREIGN KEY {named}{action}")
    for table in OF_BUSINESS:
        named = "(business_id) REFERENCES business (id)"
        _alter(table, f"ADD CONSTRAINT fk_{table}_business_id FOREIGN KEY {named}")
    for name, table, columns, where in INDEXES:
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON {table} (business_id, {columns}){where}")
    op.execute("DROP INDEX ix_outbox_chat_id")
    op.execute("CREATE INDEX ix_outbox_chat ON outbox (business_id, chat_id)")
    for table in KEYS:
        _alter(table, "ALTER COLUMN business_id DROP DEFAULT")


def _delete_others(table: str) -> None:
    others = sa.table(table, sa.column("business_id"))
    op.execute(sa.delete(others).where(others.c.business_id != 1))


def downgrade() -> None:
    """Go back to one business, the first; everything of the others is lost."""
    for table in reversed(KEYS):
        _delete_others(table)
    op.execute("DELETE FROM business WHERE id <> 1")
    op.execute("DROP INDEX ix_outbox_chat")
    op.execute("CREATE INDEX ix_outbox_chat_id ON outbox (chat_id)")
    for table in OF_BUSINESS:
        _alter(table, f"DROP CONSTRAINT fk_{table}_business_id")
    _drop("fk", ((table, f"business_id_{column}") for table, column, _, _ in REFERENCES))
    _drop("uq", ((table, f"business_id_{column}") for table, column in UNIQUE))
    _alter("specialist", "DROP CONSTRAINT uq_specialist_id")
    for table, key in KEYS.items():
        _alter(table, f"DROP CONSTRAINT pk_{table}")
        _alter(table, f"ADD CONSTRAINT pk_{table} PRIMARY KEY ({', '.join(key)})")
    for table, column in UNIQUE:
        _alter(table, f"ADD CONSTRAINT uq_{table}_{column} UNIQUE ({column})")
    for table, column, other, action in REFERENCES:
        named = f"({column}) REFERENCES {other} (id)"
        _alter(table, f"ADD CONSTRAINT fk_{table}_{column} FOREIGN KEY {named}{action}")
    for name, table, columns, where in INDEXES:
        op.execute(f"DROP INDEX {name}")
        op.execute(f"CREATE INDEX {name} ON {table} ({columns}){where}")
    for table in KEYS:
        _alter(table, "DROP COLUMN business_id")
    _alter("business", "ADD CONSTRAINT ck_business_single CHECK (id = 1)")


def _drop(kind: str, constraints: Iterable[tuple[str, str]]) -> None:
    for table, name in constraints:
        _alter(table, f"DROP CONSTRAINT {kind}_{table}_{name}")


def _alter(table: str, change: str) -> None:
    op.execute(f"-- squawk-ignore {', '.join(RULES)}\nALTER TABLE {table} {change}")
