"""A visit keeps what staff mark on it: since when its customer is here, and what came of it. Only adds."""

from alembic import op

revision = "0107"
down_revision = "0070"
branch_labels = None
depends_on = None

CHECK = "ck_booking_outcome"
RULES = "constraint-missing-not-valid, prefer-robust-stmts"


def upgrade() -> None:
    _run("ALTER TABLE booking ADD COLUMN arrived_at timestamptz")
    _run("ALTER TABLE booking ADD COLUMN outcome text")
    _run(
        f"ALTER TABLE booking ADD CONSTRAINT {CHECK} CHECK "
        "(outcome IN ('done', 'no_show') AND NOT (outcome = 'no_show' AND arrived_at IS NOT NULL))"
    )


def downgrade() -> None:
    _run(f"ALTER TABLE booking DROP CONSTRAINT {CHECK}")
    _run("ALTER TABLE booking DROP COLUMN outcome")
    _run("ALTER TABLE booking DROP COLUMN arrived_at")


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore {RULES}\n{statement}")
