"""What the command-line tools share: their way to the database."""

from collections.abc import Awaitable, Callable

from shared.clock import Clock
from shared.settings import DatabaseSettings, load
from worker.db.clock import DatabaseClock
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.db.errors import DATABASE_FAILURES, explain_failure

__all__ = ["DATABASE_FAILURES", "UsageError", "explain_failure", "with_sessions"]


class UsageError(ValueError):
    """The arguments make no sense; the message says which and why."""


async def with_sessions[T](work: Callable[[Sessions, Clock], Awaitable[T]]) -> T:
    """Run a piece of work on the business BUSINESS_ID in DATABASE_URL, by PostgreSQL's clock.

    Raises InvalidSettingsError and DATABASE_FAILURES.
    """
    settings = load(DatabaseSettings)
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    try:
        sessions = make_sessions(engine, settings.business_id)
        clock = DatabaseClock(sessions)
        await clock.ask()
        return await work(sessions, clock)
    finally:
        await engine.dispose()
