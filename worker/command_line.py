"""What the command-line tools share: their way to the database."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from shared.clock import Clock
from shared.settings import DatabaseSettings, load
from worker.db.clock import DatabaseClock
from worker.db.engine import Sessions, make_engine, make_sessions
from worker.db.errors import DATABASE_FAILURES, explain_failure

__all__ = ["DATABASE_FAILURES", "UsageError", "confirmed", "explain_failure", "typed_as", "with_sessions"]


class UsageError(ValueError):
    """The arguments make no sense; the message says which and why."""


def typed_as(tool: str) -> str:
    """Return how whoever runs a tool has typed it: `bellhop TOOL` or `python -m worker.TOOL`."""
    return f"bellhop {tool}" if Path(sys.argv[0]).stem in {"bellhop", "tools"} else f"python -m worker.{tool}"


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


def confirmed(question: str) -> bool:
    """Ask whoever sits at the terminal; where nobody does, nobody said yes."""
    if not sys.stdin.isatty():
        sys.stderr.write("Nobody is here to ask: say --yes.\n")
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
