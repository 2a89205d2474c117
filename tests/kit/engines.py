"""Engines that outlive tests: what SQLAlchemy has compiled for one test it need not compile for the next."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncEngine

from worker.db.engine import make_engine


@asynccontextmanager
async def engine_to(url: str, *, reads_only: bool = False) -> AsyncIterator[AsyncEngine]:
    """Lend the engine to a database; its connections belong to the test's event loop, and end here."""
    engine = _engine(url, reads_only)
    try:
        yield engine
    finally:
        await engine.dispose()


@lru_cache(maxsize=16)  # more than there are databases that tests share
def _engine(url: str, reads_only: bool) -> AsyncEngine:  # noqa: FBT001 - part of the key
    return make_engine(url, reads_only=reads_only)
