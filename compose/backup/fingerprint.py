"""What a database holds, short enough to compare: the schema's revision, and rows and hash of each table."""

from dataclasses import asdict, dataclass
from typing import Any

from compose.backup.server import Snapshot

TABLES = """
SELECT coalesce(json_agg(relname ORDER BY relname), '[]') FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
# The order of rows says nothing, so their hashes are added up.
CONTENT = """
SELECT json_build_array(count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text)
FROM {} AS t
"""
REVISION = "SELECT coalesce(json_agg(version_num ORDER BY version_num), '[]') FROM alembic_version"


@dataclass(frozen=True)
class Table:
    """One table's content."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Fingerprint:
    """A whole database's."""

    revision: list[str]
    tables: dict[str, Table]

    @property
    def rows(self) -> int:
        """How many rows all tables hold."""
        return sum(table.rows for table in self.tables.values())

    def holds(self, name: str) -> bool:
        """Tell whether a table is there and has rows."""
        return name in self.tables and self.tables[name].rows > 0

    def as_json(self) -> dict[str, Any]:
        """Return it as a manifest keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Fingerprint":
        """Read what `as_json` wrote."""
        tables = {name: Table(**table) for name, table in kept["tables"].items()}
        return cls(list(kept["revision"]), tables)

    def differences(self, other: "Fingerprint") -> list[str]:
        """Say what is different in `other`, one line each."""
        found = []
        if self.revision != other.revision:
            found.append(f"schema {self.revision} became {other.revision}")
        for name in sorted(self.tables.keys() | other.tables.keys()):
            mine, theirs = self.tables.get(name), other.tables.get(name)
            if mine != theirs:
                found.append(f"{name}: {_say(mine)} became {_say(theirs)}")
        return found


def take(snapshot: Snapshot) -> Fingerprint:
    """Read a database's fingerprint. Raises ServerError."""
    names: list[str] = snapshot.value(TABLES)
    revision = snapshot.value(REVISION) if "alembic_version" in names else []
    return Fingerprint(revision, {name: _content(snapshot, name) for name in names})


def _content(snapshot: Snapshot, name: str) -> Table:
    quoted = name.replace('"', '""')
    rows, content = snapshot.value(CONTENT.format(f'public."{quoted}"'))
    return Table(rows, content)


def _say(table: Table | None) -> str:
    return "no table" if table is None else f"{table.rows} rows ({table.hash})"
