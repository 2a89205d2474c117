"""What an operator does about what PostgreSQL and Redis say: by SQLSTATE, and by Redis's own words."""

from typing import Final

from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
)

from worker.db.errors import sqlstate_of

KEYS: Final = 'see docs/operate.md, "When a password is lost"'
FREE_SPACE: Final = "free space on its volume: `df -h`, `docker system df`; what was asked waits meanwhile"
STARTING: Final = "it starts or stops: ask again in a minute, then see `docker compose logs --tail 50 {}`"
OF_POSTGRES: Final = {
    "25006": "it only reads, as a standby does: let DATABASE_URL name the primary",
    "28": f"the password is another one: {KEYS}",
    "3D": "there is no such database: restore it, or let DATABASE_URL name the right one",
    "42501": "the role may not write here: it has to own the database",
    "53100": FREE_SPACE,
    "53200": "PostgreSQL has no memory left: give its container more",
    "53300": "too many connections: a smaller DATABASE_POOL, or fewer workers",
    "57P": STARTING.format("postgres"),
    "58": "the disk under PostgreSQL fails: `dmesg`; take a dump while it can be read",
}
"""By SQLSTATE or its beginning; the longest that fits counts."""
OF_REDIS: Final = (
    (OutOfMemoryError, "its memory is full, and nothing new is taken: raise REDIS_MAXMEMORY"),
    (ReadOnlyError, "it is a replica, which only reads: let REDIS_URL name the primary"),
    (AuthenticationError | NoPermissionError, f"it refuses the password: {KEYS}"),
    (BusyLoadingError, STARTING.format("redis")),
)
CANNOT_WRITE_ITS_FILE: Final = "MISCONF"


def for_postgres(error: Exception) -> str:
    """Say what to do about a failure of PostgreSQL; empty where nothing special is to be done."""
    state = sqlstate_of(error) or ""
    fitting = [beginning for beginning in OF_POSTGRES if state.startswith(beginning)]
    return OF_POSTGRES[max(fitting, key=len)] if fitting else ""


def for_redis(error: Exception) -> str:
    """Say what to do about a failure of Redis; empty where nothing special is to be done."""
    if str(error).startswith(CANNOT_WRITE_ITS_FILE):
        return FREE_SPACE
    return next((remedy for kinds, remedy in OF_REDIS if isinstance(error, kinds)), "")
