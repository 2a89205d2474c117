"""A service may have a deadline of its own for moving; the business says whom to call after it. Only adds."""

from alembic import op

revision = "0070"
down_revision = "0061"
branch_labels = None
depends_on = None

CHECK = "ck_service_move_until"
RULES = "adding-field-with-default, constraint-missing-not-valid, prefer-robust-stmts"


def upgrade() -> None:
    _run("ALTER TABLE service ADD COLUMN move_until bigint")
    _run(f"ALTER TABLE service ADD CONSTRAINT {CHECK} CHECK (move_until >= 0)")
    _run("ALTER TABLE business ADD COLUMN contact text NOT NULL DEFAULT ''")


def downgrade() -> None:
    _run("ALTER TABLE business DROP COLUMN contact")
    _run(f"ALTER TABLE service DROP CONSTRAINT {CHECK}")
    _run("ALTER TABLE service DROP COLUMN move_until")


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore {RULES}\n{statement}")
