"""How a database becomes empty again between two tests."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.kit.engines import KEPT
from worker.db.models import load_models
from worker.db.models.base import Base

OTHERS: Final = f"""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (application_name <> '{KEPT}' OR state <> 'idle')
"""  # noqa: S608 - our own name
TABLES: Final = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' AND NOT tablename = ANY ($1::text[])
"""
NUMBERS: Final = """
    SELECT objid::regclass::text FROM pg_depend JOIN pg_class AS found ON found.oid = objid
    WHERE relkind = 'S' AND refobjid = ANY ($1::text[]::regclass[])
"""
UNCHECKED: Final = {"session_replication_role": "replica", "application_name": "emptying"}
"""Neither foreign keys nor triggers have a say. A session that is set so on the way plans all anew, and again
when it is set back: whoever empties has a connection of their own."""


class Emptier:
    """Empties one database over and over; numbers begin at 1 again.

    Faster than TRUNCATE, which makes new files for every table and index, and than statements that are
    planned each time: a function of the session keeps its plans.
    """

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    async def prepare(self, kept: Sequence[str], restored: Sequence[str]) -> None:
        """Note what to do: `kept` tables stay as they are, `restored` ones become as they are now."""
        tables = [row["tablename"] for row in await self._connection.fetch(TABLES, kept)]
        numbers = [row[0] for row in await self._connection.fetch(NUMBERS, tables)]
        steps = [f"DELETE FROM {name};" for name in tables]  # noqa: S608 - our own tables' names
        steps += [f"PERFORM setval('{name}', 1, false);" for name in numbers]
        for name in restored:
            await self._connection.execute(f"CREATE TEMP TABLE first_{name} AS TABLE {name}")
            steps.append(f"INSERT INTO {name} TABLE first_{name};")
        body = f"BEGIN {''.join(steps)} END"
        function = f"CREATE FUNCTION pg_temp.emptied() RETURNS void LANGUAGE plpgsql AS $${body}$$"
        await self._connection.execute(function)

    async def empty(self) -> None:
        """Empty it."""
        await self._connection.execute("SELECT pg_temp.emptied()")

    async def end_others(self) -> None:
        """End everybody else's connection to the database, but for those that stay and do nothing."""
        await self._connection.execute(OTHERS)


@asynccontextmanager
async def emptier(url: str, kept: Sequence[str] = (), restored: Sequence[str] = ()) -> AsyncIterator[Emptier]:
    """Lend what empties a database."""
    address = url.replace("+asyncpg", "")
    connection = await asyncpg.connect(address, ssl=False, server_settings=UNCHECKED, command_timeout=15)
    try:
        found = Emptier(connection)
        await found.prepare(kept, restored)
        yield found
    finally:
        await connection.close()


async def tables_with_rows(connection: AsyncConnection) -> list[str]:
    """Return the names of the tables that are not empty."""
    load_models()
    asked = {name: text(f"SELECT EXISTS (SELECT FROM {name})") for name in Base.metadata.tables}  # noqa: S608 - the same
    return [name for name, any_row in asked.items() if await connection.scalar(any_row)]
