"""A service may free a visit whose customer does not say that they will be there. Only adds."""

from alembic import op

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

RULES = "constraint-missing-not-valid, prefer-robust-stmts"


def upgrade() -> None:
    _run("ALTER TABLE service ADD COLUMN confirm_until bigint")
    _run("ALTER TABLE service ADD CONSTRAINT ck_service_confirm_until CHECK (confirm_until > 0)")
    _run("ALTER TABLE booking ADD COLUMN asked_at timestamptz")
    _run("ALTER TABLE booking ADD COLUMN confirm_by timestamptz")


def downgrade() -> None:
    _run("ALTER TABLE booking DROP COLUMN confirm_by")
    _run("ALTER TABLE booking DROP COLUMN asked_at")
    _run("ALTER TABLE service DROP COLUMN confirm_until")


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore {RULES}\n{statement}")
