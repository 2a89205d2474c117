"""All rows of a database, to be compared before and after."""

from collections.abc import Iterable, Mapping

from sqlalchemy import text

from worker.db.engine import Sessions
from worker.db.models import load_models
from worker.db.models.base import Base


async def dump(
    sessions: Sessions, *, but: Iterable[str] = (), without: Mapping[str, Iterable[str]] | None = None
) -> set[str]:
    """Return every row, as 'table {columns}': of all tables `but` some, `without` some columns."""
    load_models()
    tables = sorted(set(Base.metadata.tables) - set(but))
    each = [
        f"SELECT '{name} ' || CAST(to_jsonb({name}) - CAST(:{name} AS text[]) AS text) FROM {name}"  # noqa: S608 - our own tables' names
        for name in tables
    ]
    columns = {name: list((without or {}).get(name, ())) for name in tables}
    statement = text(" UNION ALL ".join(each))
    async with sessions() as session:
        return set(await session.scalars(statement, columns))
