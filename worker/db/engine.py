"""The way to PostgreSQL: one engine a process, one session a unit of work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Row, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from worker.db import scope

type Sessions = async_sessionmaker[AsyncSession]
type AnyRow = Row[*tuple[Any, ...]]

NAME = "bellhop"
"""How the names begin under which PostgreSQL lists our connections."""
CONNECT_SECONDS = 5
STATEMENT_MILLISECONDS = 10_000
IDLE_MILLISECONDS = 10_000
"""A transaction in which nothing happens for so long is ended: what it locks is free again."""
ANSWER_SECONDS = 15
"""PostgreSQL itself ends a statement before that: who hears nothing by then has lost the connection."""


def make_engine(url: str, *, pool_size: int = 5, reads_only: bool = False, name: str = NAME) -> AsyncEngine:
    """Make an engine; nothing connects before the first query.

    `name` is what PostgreSQL lists its connections under. Of an engine that `reads_only`, PostgreSQL refuses
    every write, and each statement is a transaction of its own.

    A connection that an outage broke is noticed when it is taken, and a statement that waits for more
    than ten seconds is ended, so that no command hangs for ever.
    """
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        isolation_level="AUTOCOMMIT" if reads_only else "READ COMMITTED",
        hide_parameters=True,  # errors are logged, parameters hold names
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": ANSWER_SECONDS,
            "server_settings": {
                "application_name": name,
                "statement_timeout": str(STATEMENT_MILLISECONDS),
                "idle_in_transaction_session_timeout": str(IDLE_MILLISECONDS),
                "timezone": "UTC",
                "default_transaction_read_only": "on" if reads_only else "off",
            },
        },
    )
    event.listen(engine.sync_engine, "checkout", _replace_if_closed)
    return engine


def _replace_if_closed(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - the driver's own
    """Have a connection replaced that the server has closed: what tells is the socket, not a question.

    SQLAlchemy's own ping is three round trips before each transaction, more than many have themselves.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


@dataclass(frozen=True, slots=True)
class Database:
    """One way to PostgreSQL for what changes something, and one for what cannot."""

    writing: Sessions
    reading: Sessions


def make_sessions(engine: AsyncEngine, business_id: int) -> Sessions:
    """Make the maker of a business's sessions: `async with sessions.begin()` is one transaction."""
    return async_sessionmaker(engine, expire_on_commit=False, autoflush=False, info={scope.NAME: business_id})


async def autocommit(session: AsyncSession) -> None:
    """Have each statement of this session committed as it runs: a lone one needs no BEGIN and no COMMIT."""
    await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


async def fetch(session: AsyncSession, statement: Executable, values: Mapping[str, Any]) -> Sequence[AnyRow]:
    """Run a statement in the session's transaction, past the ORM: for what names plain columns.

    The session's business is among the values, as `business`. Returns the rows, none of what yields none.
    A statement that is SQL should say them, `text(…).columns(…)`: else what is known of its result is worked
    out anew for each run.
    """
    return await session.run_sync(_fetch, statement, values)


def _fetch(session: Session, statement: Executable, values: Mapping[str, Any]) -> Sequence[AnyRow]:
    result = session.connection().execute(statement, {**values, scope.NAME: session.info[scope.NAME]})
    return result.all() if result.returns_rows else []
