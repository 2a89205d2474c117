"""Runs migrations: one process at a time, behind an advisory lock, with a bound on waiting for tables."""

import asyncio
import sys

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from shared.environment import InvalidSettingsError
from shared.settings import DatabaseSettings, load
from worker.db.errors import DATABASE_FAILURES, explain_failure
from worker.db.models import load_models
from worker.db.models.base import Base
from worker.db.schema import SchemaAge

load_models()
LOCK = 7_236_655  # any number, the same for every release
LOCK_TIMEOUT = "10s"
BUSY = ("40P01", "55P03")
"""SQLSTATEs of a table that people use just now: a deadlock with them, a lock that is not free in time."""
TRIES = 10


def migrate(connection: Connection) -> None:
    """Apply what is missing; another migrating process waits, then finds it done.

    Each migration is a transaction of its own, so that it holds few tables, and briefly, beside
    people who book.
    Raises CommandError where a table is in use again and again.
    """
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    for left in reversed(range(TRIES)):
        try:
            _apply(connection)
        except DBAPIError as error:
            connection.rollback()
            if getattr(error.orig, "sqlstate", None) not in BUSY:
                raise
            if not left:
                raise CommandError(f"{explain_failure(error)} Tables are in use: try again.") from None
            sys.stdout.write("A table is in use; this migration is tried again.\n")
        else:
            return


def _apply(connection: Connection) -> None:
    """After going back to the release before, the schema is the newer one's: nothing is missing then."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        transaction_per_migration=True,
    )
    age = SchemaAge(context.get_context().get_current_revision())
    connection.commit()
    if age.is_newer:
        sys.stdout.write(
            f"The schema is a newer release's, at {age.current}: it stays, this one runs on it.\n"
        )
        return
    with context.begin_transaction():
        context.run_migrations()


async def migrate_online() -> None:
    """Connect by DATABASE_URL. Raises CommandError, which Alembic says in a line, where that cannot be."""
    try:
        url = load(DatabaseSettings).database_url.get_secret_value()
    except InvalidSettingsError as error:
        raise CommandError(str(error)) from None
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        connection = await _connect(engine)
        try:
            await connection.run_sync(migrate)
            await connection.commit()
        finally:
            await connection.close()  # which lets the advisory lock go
    finally:
        await engine.dispose()


async def _connect(engine: AsyncEngine) -> AsyncConnection:
    try:
        return await engine.connect()
    except DATABASE_FAILURES as error:
        raise CommandError(explain_failure(error)) from None


def print_sql() -> None:
    """Write the SQL instead of running it: `alembic upgrade head --sql`."""
    context.configure(dialect_name="postgresql", target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        context.run_migrations()


if context.is_offline_mode():
    print_sql()
else:
    asyncio.run(migrate_online())
