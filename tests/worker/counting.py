"""Counts round trips: what is sent to PostgreSQL and Redis and waited for, whatever it is."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from redis.asyncio.connection import AbstractConnection
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

ASKING = frozenset({"query", "execute", "bind_execute", "bind_execute_many"})
"""The methods of asyncpg's protocol that wait for an answer, but `prepare`: that is once a connection."""
ONCE = ("typeinfo_tree", "'jit'")
"""In what asyncpg asks once a connection, too."""


@dataclass
class Trips:
    """What was sent so far."""

    sql: list[str] = field(default_factory=list)
    redis: list[str] = field(default_factory=list)


class Counting:
    """Stands before a connection's protocol and notes what is asked."""

    def __init__(self, protocol: Any, trips: Trips) -> None:  # noqa: ANN401 - asyncpg's own, in Cython
        self._protocol = protocol
        self._trips = trips

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever asyncpg asks for
        found = getattr(self._protocol, name)
        if name not in ASKING:
            return found

        def asked(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
            about = named.get("state") or (arguments[0] if arguments else "")
            statement = " ".join(str(getattr(about, "query", about)).split())
            if not any(mark in statement for mark in ONCE):
                self._trips.sql.append(statement[:100])
            return found(*arguments, **named)

        return asked


def count_statements(engine: AsyncEngine, trips: Trips) -> None:
    """Have every new connection of an engine counted."""
    event.listen(engine.sync_engine, "connect", _counting(trips))


@asynccontextmanager
async def counted_statements(engine: AsyncEngine) -> AsyncIterator[Trips]:
    """Count what an engine that tests share sends: its connections begin and end with the block."""
    listener = _counting(trips := Trips())
    await engine.dispose()
    event.listen(engine.sync_engine, "connect", listener)
    try:
        yield trips
    finally:
        event.remove(engine.sync_engine, "connect", listener)
        await engine.dispose()


def _counting(trips: Trips) -> Callable[[Any, object], None]:
    def connected(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's own signature
        driver = connection.driver_connection
        driver._protocol = Counting(driver._protocol, trips)

    return connected


@contextmanager
def counting_redis(trips: Trips) -> Iterator[None]:
    """Count what all connections to Redis send; a pipeline is one round trip."""
    send = AbstractConnection.send_packed_command

    async def counted(self: AbstractConnection, command: Any, check_health: bool = True) -> None:  # noqa: ANN401, FBT001, FBT002 - redis-py's own signature
        text = b"".join(command) if isinstance(command, list) else bytes(command)
        call = " ".join(text.decode(errors="replace").split()[2::2][:2])[:60]
        if not call.startswith("CLIENT"):  # a new connection introduces itself
            trips.redis.append(call)
        await send(self, command, check_health)

    with patch.object(AbstractConnection, "send_packed_command", counted):
        yield
