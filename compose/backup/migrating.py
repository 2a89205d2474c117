"""Whether a migration is about to change what a database holds, so that a dump has to be made first."""

import re
from pathlib import Path

from compose.backup.server import Server

MIGRATIONS = Path(__file__).parents[2] / "worker/db/migrations/versions"
BEGINS_AT = re.compile(r"^down_revision = \"(\w+)\"", re.MULTILINE)


def is_to_come(server: Server) -> bool:
    """Tell whether this release has a migration for what the database holds. Raises ServerError.

    A newer release's schema has none here, nor has an empty database anything to lose.
    """
    if server.execute("SELECT to_regclass('alembic_version') IS NULL") == "t":
        return False
    return server.execute("SELECT version_num FROM alembic_version") in _beginnings()


def _beginnings() -> set[str]:
    """Return what migrations begin at: every revision but the last."""
    files = MIGRATIONS.glob("*.py")
    return {found for file in files for found in BEGINS_AT.findall(file.read_text(encoding="utf-8"))}
