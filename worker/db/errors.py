"""What goes wrong on the way to PostgreSQL, in one sentence."""

from asyncpg.exceptions import PostgresError, UndefinedColumnError, UndefinedTableError
from sqlalchemy.exc import DBAPIError

DATABASE_FAILURES = (DBAPIError, PostgresError, OSError)
MIGRATE = "run: alembic upgrade head"


def explain_failure(error: BaseException) -> str:
    """Say what is wrong with the database; never with the password that its address may hold."""
    cause = _driver_error(error)
    if isinstance(cause, UndefinedTableError | UndefinedColumnError):
        return f"The database's schema is not this release's; {MIGRATE}"
    if isinstance(cause, PostgresError):
        return f"The database refuses: {cause}"
    reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return f"The database cannot be reached: {reason}"


def _driver_error(error: BaseException) -> BaseException:
    """Return what asyncpg or the system raised, under what SQLAlchemy wrapped around it."""
    while True:
        under = getattr(error, "orig", None) or (error.__cause__ if isinstance(error, Exception) else None)
        if under is None or isinstance(error, PostgresError):
            return error
        error = under
