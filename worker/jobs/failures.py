"""Which failures are the world's, to be waited out, and which are the command's own."""

import asyncio

from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.telegram.errors import FloodError, RefusedError, UnavailableError

OUTAGES = (
    RedisError,
    OperationalError,
    InterfaceError,
    PoolTimeoutError,
    UnavailableError,
    FloodError,
    OSError,
    TimeoutError,
    asyncio.CancelledError,
)
# PostgreSQL's classes 08 (connection), 28 and 3D (not let in: a password or a database is being changed),
# 40 (deadlock, serialization), 53 (resources), 57 (shutdown).
OUTAGE_CLASSES = ("08", "28", "3D", "40", "53", "57")


def is_outage(error: BaseException) -> bool:
    """Tell whether to try again for as long as it takes, without counting a try."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_outage(part) for part in error.exceptions)
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return error.connection_invalidated or state.startswith(OUTAGE_CLASSES) or isinstance(error, OUTAGES)
    return isinstance(error, OUTAGES) or (isinstance(error, RefusedError) and error.bad_token)


def asked_pause(error: BaseException) -> float:
    """Return the seconds that Telegram asked to wait, 0 where it did not."""
    if isinstance(error, BaseExceptionGroup):
        return max(asked_pause(part) for part in error.exceptions)
    return error.retry_after if isinstance(error, FloodError) else 0.0
