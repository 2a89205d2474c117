"""Which failures are the world's, to be waited out, and which are the command's own."""

import asyncio
import errno
from socket import gaierror
from ssl import SSLError
from typing import Final

from asyncpg.exceptions import InterfaceError as DriverError
from asyncpg.exceptions import InternalClientError, PostgresError
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.telegram.errors import FloodError, RefusedError, UnavailableError

OUTAGES = (
    RedisError,
    InternalClientError,  # a connection that broke in the middle of an answer
    DriverError,  # SQLAlchemy passes on as it is what goes wrong while it prepares a new connection
    OperationalError,
    InterfaceError,
    PoolTimeoutError,
    UnavailableError,
    FloodError,
    ConnectionError,
    TimeoutError,
    gaierror,
    SSLError,
    asyncio.CancelledError,
)
UNREACHABLE = frozenset(
    {
        *(errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL),
        errno.ENOENT,  # a Unix socket while its server starts again
    }
)
"""What connecting can fail with and what has no class of its own."""
OUTAGE_STATES: Final = (
    "08",  # the connection broke
    "25006",  # the server is read-only: a standby that is not promoted yet
    "25P03",  # this process stood still inside a transaction, which the server ended
    *("28", "3D"),  # not let in: a password or a database is being changed
    "40",  # deadlock, serialization
    "53",  # out of disk, memory or connections
    "55P03",  # a lock was not free in time
    "57",  # shutdown, crash, starting up, ended by an operator
    "58",  # the server's disk or system fails
)
"""SQLSTATEs and their classes that say nothing about the command (PostgreSQL's manual, appendix A)."""
STATEMENT_TIMEOUT: Final = "57014"
"""Of class 57, and the command's own: its statement takes longer than any may, and will again."""


def is_outage(error: BaseException) -> bool:
    """Tell whether to try again for as long as it takes, without counting a try.

    A handler that may only read and yet writes fails with the SQLSTATE of a read-only server: whoever opens a
    read-only transaction on purpose has to raise an error of its own for that.
    """
    if isinstance(error, BaseExceptionGroup):
        return all(is_outage(part) for part in error.exceptions)
    if isinstance(error, DBAPIError):
        return _is_the_databases(error)
    if isinstance(error, PostgresError):
        return _is_outage_state(error.sqlstate)
    if isinstance(error, RefusedError):
        return error.bad_token
    return isinstance(error, OUTAGES) or (isinstance(error, OSError) and _is_unreachable(error))


def _is_the_databases(error: DBAPIError) -> bool:
    """Tell a database that cannot answer from a statement that is wrong."""
    state = getattr(error.orig, "sqlstate", None)
    if state == STATEMENT_TIMEOUT:
        return False
    broke = isinstance(getattr(error.orig, "__cause__", None), InternalClientError)
    return broke or error.connection_invalidated or _is_outage_state(state) or isinstance(error, OUTAGES)


def _is_outage_state(state: str | None) -> bool:
    return state is not None and state != STATEMENT_TIMEOUT and state.startswith(OUTAGE_STATES)


def _is_unreachable(error: OSError) -> bool:
    """Tell a server that cannot be reached from a file that cannot: only the latter is named."""
    if error.errno is None:  # how asyncio says that a host's addresses fail, each in its own way
        return str(error).startswith("Multiple exceptions")
    return error.errno in UNREACHABLE and error.filename is None


def asked_pause(error: BaseException) -> float:
    """Return the seconds that Telegram asked to wait, 0 where it did not."""
    if isinstance(error, BaseExceptionGroup):
        return max(asked_pause(part) for part in error.exceptions)
    return error.retry_after if isinstance(error, FloodError) else 0.0
