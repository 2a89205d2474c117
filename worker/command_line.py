"""What the command-line tools share: their way to the database."""

from collections.abc import Awaitable, Callable

from shared.settings import DatabaseSettings, load
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.db.errors import DATABASE_FAILURES, explain_failure

__all__ = ["DATABASE_FAILURES", "UsageError", "explain_failure", "with_sessions"]


class UsageError(ValueError):
    """The arguments make no sense; the message says which and why."""


async def with_sessions[T](work: Callable[[Sessions], Awaitable[T]]) -> T:
    """Run a piece of work against DATABASE_URL; raises InvalidSettingsError and DATABASE_FAILURES."""
    engine = make_engine(load(DatabaseSettings).database_url.get_secret_value(), pool_size=1)
    try:
        return await work(make_sessions(engine))
    finally:
        await engine.dispose()
