"""People have a note that only staff see, and a reason why they are to call. Only adds."""

from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _run("ALTER TABLE person ADD COLUMN staff_note text")
    _run("ALTER TABLE person ADD COLUMN blocked_reason text")


def downgrade() -> None:
    _run("ALTER TABLE person DROP COLUMN blocked_reason")
    _run("ALTER TABLE person DROP COLUMN staff_note")


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore prefer-robust-stmts\n{statement}")
