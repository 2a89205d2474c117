"""Which visits were booked as one series, and how many of one a customer may have. Only adds."""

from alembic import op

revision = "0133"
down_revision = "0132"
branch_labels = None
depends_on = None

CHECK = "ck_service_max_series"
RULES = "constraint-missing-not-valid, prefer-robust-stmts"


def upgrade() -> None:
    _run("ALTER TABLE booking ADD COLUMN series_id bigint")
    _run("ALTER TABLE service ADD COLUMN max_series smallint")
    _run(f"ALTER TABLE service ADD CONSTRAINT {CHECK} CHECK (max_series > 0)")


def downgrade() -> None:
    _run(f"ALTER TABLE service DROP CONSTRAINT {CHECK}")
    _run("ALTER TABLE service DROP COLUMN max_series")
    _run("ALTER TABLE booking DROP COLUMN series_id")


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore {RULES}\n{statement}")
