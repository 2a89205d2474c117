"""Which failures are the world's, to be waited out, and which are the command's own."""

import asyncio
import errno
from socket import gaierror
from ssl import SSLError

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
# PostgreSQL's classes 08 (connection), 28 and 3D (not let in: a password or a database is being changed),
# 40 (deadlock, serialization), 53 (resources), 57 (shutdown).
OUTAGE_CLASSES = ("08", "28", "3D", "40", "53", "57")
STATEMENT_TIMEOUT = "57014"
"""Of class 57, and the command's own: its statement takes longer than any may, and will again."""


def is_outage(error: BaseException) -> bool:
    """Tell whether to try again for as long as it takes, without counting a try."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_outage(part) for part in error.exceptions)
    if isinstance(error, DBAPIError):
        return _is_the_databases(error)
    if isinstance(error, PostgresError):
        return (error.sqlstate or "").startswith(OUTAGE_CLASSES) and error.sqlstate != STATEMENT_TIMEOUT
    if isinstance(error, RefusedError):
        return error.bad_token
    return isinstance(error, OUTAGES) or (isinstance(error, OSError) and _is_unreachable(error))


def _is_the_databases(error: DBAPIError) -> bool:
    """Tell a database that cannot answer from a statement that is wrong."""
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state == STATEMENT_TIMEOUT:
        return False
    broke = isinstance(getattr(error.orig, "__cause__", None), InternalClientError)
    return (
        broke
        or error.connection_invalidated
        or state.startswith(OUTAGE_CLASSES)
        or isinstance(error, OUTAGES)
    )


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
