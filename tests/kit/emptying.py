"""How a database becomes empty again between two tests."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.kit.engines import KEPT
from worker.db.models import load_models
from worker.db.models.base import Base

ALWAYS_KEPT = "alembic_version"
END_OTHERS = f"""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (application_name <> '{KEPT}' OR state <> 'idle')
"""  # noqa: S608 - our own name
"""Ends everybody else's connection to the database, but for those that stay and do nothing."""


def emptying(kept: Iterable[str] = ()) -> str:
    """Return one statement that empties all tables but the `kept`.

    Faster than TRUNCATE, which makes new files for every table and index. Numbers begin at 1 again.
    """
    return f"""
        DO $$ DECLARE name text; BEGIN
            SET LOCAL session_replication_role = replica;
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                CONTINUE WHEN name = ANY ('{{{",".join((ALWAYS_KEPT, *kept))}}}');
                EXECUTE format('DELETE FROM %I', name);
                PERFORM setval(objid::regclass, 1, false)
                FROM pg_depend JOIN pg_class AS found ON found.oid = objid
                WHERE refobjid = name::regclass AND relkind = 'S';
            END LOOP;
        END $$
    """  # noqa: S608 - our own tables' names


async def tables_with_rows(connection: AsyncConnection) -> list[str]:
    """Return the names of the tables that are not empty."""
    load_models()
    asked = {name: text(f"SELECT EXISTS (SELECT FROM {name})") for name in Base.metadata.tables}  # noqa: S608 - the same
    return [name for name, any_row in asked.items() if await connection.scalar(any_row)]
