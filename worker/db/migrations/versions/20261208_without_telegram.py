"""People without Telegram, by name and phone number, and the search for names. Only adds."""

from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None

RULES = "constraint-missing-not-valid, prefer-robust-stmts"


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    _run("CREATE SEQUENCE person_without_telegram")
    _run("ALTER TABLE person ADD COLUMN phone text")
    _run(
        "ALTER TABLE person ADD CONSTRAINT ck_person_without_telegram CHECK "
        "(id >= 0 OR (phone IS NOT NULL AND NOT reachable))"
    )
    _run(
        "CREATE UNIQUE INDEX uq_person_without_telegram ON person (business_id, phone, lower(first_name)) "
        "WHERE id < 0"
    )


def downgrade() -> None:
    _run("DROP INDEX uq_person_without_telegram")
    _run("ALTER TABLE person DROP CONSTRAINT ck_person_without_telegram")
    _run("ALTER TABLE person DROP COLUMN phone")
    _run("DROP SEQUENCE person_without_telegram")


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore {RULES}\n{statement}")
