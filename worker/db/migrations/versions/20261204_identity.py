"""What a business offers is known by an id in its file, and only what is offered keeps its name to itself.

What is there gets the id that a file which was applied now would give it: its name in small letters.
A release before this one still runs, but its `apply` cannot write afterwards.
"""

from string import Template

from alembic import op

revision = "0020"
down_revision = "0051"
branch_labels = None
depends_on = None

NAMES = {"location": ("name",), "service": ("name", "category"), "specialist": ("name",)}
RULES = (
    *("constraint-missing-not-valid", "disallowed-unique-constraint", "ban-drop-constraint"),
    *("require-concurrent-index-creation", "prefer-robust-stmts"),
)
"""Squawk's rules about what takes long on a large table: these are small, and nothing runs beside this."""
APART = Template("""
    UPDATE $table SET name = name || ' (' || id || ')' WHERE NOT active AND ($columns) IN
        (SELECT $columns FROM $table GROUP BY $columns HAVING count(*) > 1)
""")
NAMED = Template("""
    UPDATE $table SET file_id = CASE WHEN place = 1 THEN word ELSE word || '-' || made.id END
    FROM (
        SELECT business_id, id, word,
            row_number() OVER (PARTITION BY business_id, word ORDER BY active DESC, id) AS place
        FROM (
            SELECT *, coalesce(nullif(left(
                trim(BOTH '-' FROM regexp_replace(lower(name), '[^[:alnum:]]+', '-', 'g')), 40
            ), ''), '$table') AS word FROM $table
        ) AS words
    ) AS made
    WHERE $table.business_id = made.business_id AND $table.id = made.id
""")


def upgrade() -> None:
    for table, names in NAMES.items():
        _run(f"ALTER TABLE {table} ADD COLUMN file_id text")
        _run(_named(table))
        _run(
            f"ALTER TABLE {table} ADD CONSTRAINT uq_{table}_business_id_file_id UNIQUE (business_id, file_id)"
        )
        _run(f"ALTER TABLE {table} DROP CONSTRAINT uq_{table}_business_id_{'_'.join(names)}")
        columns = ", ".join(("business_id", *names))
        _run(f"CREATE UNIQUE INDEX uq_{table}_offered ON {table} ({columns}) WHERE active")


def downgrade() -> None:
    """Go back to names that are apart in all; what is no longer offered takes its number where it must."""
    for table, names in NAMES.items():
        columns = ", ".join(("business_id", *names))
        _run(f"DROP INDEX uq_{table}_offered")
        _run(APART.substitute(table=table, columns=columns))
        constraint = f"uq_{table}_business_id_{'_'.join(names)}"
        _run(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} UNIQUE ({columns})")
        _run(f"ALTER TABLE {table} DROP CONSTRAINT uq_{table}_business_id_file_id")
        _run(f"ALTER TABLE {table} DROP COLUMN file_id")


def _named(table: str) -> str:
    """Write ids as `worker.business.identity` makes them; of two that are alike the later has its number."""
    return NAMED.substitute(table=table)


def _run(statement: str) -> None:
    op.execute(f"-- squawk-ignore {', '.join(RULES)}\n{statement}")
