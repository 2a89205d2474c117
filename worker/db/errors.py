"""What goes wrong on the way to PostgreSQL, in one sentence."""

from asyncpg.exceptions import PostgresError, UndefinedColumnError, UndefinedTableError
from redis.exceptions import ResponseError
from sqlalchemy.exc import DBAPIError

from worker.db.outages import is_outage

DATABASE_FAILURES = (DBAPIError, PostgresError, OSError)
MIGRATE = "run: docker compose run --rm migrate (elsewhere: alembic upgrade head)"
OF_REDIS_ITSELF = ("MISCONF", "command not allowed when used memory")
"""Refusals that name no key and no value: its disk, its memory."""


class SchemaMismatchError(ConnectionError):
    """A statement failed on tables of another release: an outage like any other, until that is mended."""


def explain_failure(error: BaseException) -> str:
    """Say what is wrong with the database; never with the password that its address may hold."""
    cause = _driver_error(error)
    if isinstance(cause, UndefinedTableError | UndefinedColumnError):
        return f"The database's schema is not this release's; {MIGRATE}"
    if isinstance(cause, PostgresError):
        return f"The database refuses: {cause}"
    reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return f"The database cannot be reached: {reason}"


def sqlstate_of(error: BaseException) -> str | None:
    """Return PostgreSQL's code for what is wrong; None where it is nothing that PostgreSQL said."""
    cause = _driver_error(error)
    return cause.sqlstate if isinstance(cause, PostgresError) else None


def _driver_error(error: BaseException) -> BaseException:
    """Return what asyncpg or the system raised, under what SQLAlchemy wrapped around it."""
    while True:
        under = getattr(error, "orig", None) or (error.__cause__ if isinstance(error, Exception) else None)
        if under is None or isinstance(error, PostgresError):
            return error
        error = under


def cause_of(error: BaseException) -> str:
    """Name a failure for the log: 'DiskFullError 53100: could not extend file …: No space left on device'.

    What the server says is kept where it speaks of itself; elsewhere it may quote what a person wrote.
    """
    if isinstance(error, SchemaMismatchError):
        return f"{type(error).__name__}: {error}"
    cause = _driver_error(error)
    if isinstance(cause, PostgresError):
        name = f"{type(cause).__name__} {cause.sqlstate}"
        return f"{name}: {cause}" if is_outage(cause) else name
    if isinstance(cause, OSError) and cause.strerror:
        return f"{type(cause).__name__}: {cause.strerror}"
    if isinstance(cause, ResponseError) and str(cause).startswith(OF_REDIS_ITSELF):
        return f"{type(cause).__name__}: {cause}"
    return type(cause).__name__
