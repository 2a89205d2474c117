"""A business can pause: customers book and move nothing for a while. Only adds."""

from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _run("ALTER TABLE business ADD COLUMN paused boolean NOT NULL DEFAULT false")
    _run("ALTER TABLE business ADD COLUMN paused_until date")
    _run("ALTER TABLE business ADD COLUMN pause_text text NOT NULL DEFAULT ''")


def downgrade() -> None:
    _run("ALTER TABLE business DROP COLUMN pause_text")
    _run("ALTER TABLE business DROP COLUMN paused_until")
    _run("ALTER TABLE business DROP COLUMN paused")


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore prefer-robust-stmts\n{statement}")
