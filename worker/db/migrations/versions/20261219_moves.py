"""How often a visit may be moved, and what is said once it is too late to cancel. Only adds."""

from alembic import op

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None

CHECK = "ck_service_max_moves"
RULES = "adding-field-with-default, constraint-missing-not-valid, prefer-robust-stmts"


def upgrade() -> None:
    _run("ALTER TABLE service ADD COLUMN max_moves smallint")
    _run(f"ALTER TABLE service ADD CONSTRAINT {CHECK} CHECK (max_moves > 0)")
    _run("ALTER TABLE business ADD COLUMN late_text text NOT NULL DEFAULT ''")


def downgrade() -> None:
    _run("ALTER TABLE business DROP COLUMN late_text")
    _run(f"ALTER TABLE service DROP CONSTRAINT {CHECK}")
    _run("ALTER TABLE service DROP COLUMN max_moves")


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore {RULES}\n{statement}")
