"""Engines that outlive tests, and what they have learnt: neither they nor PostgreSQL need learn it anew."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from worker.db.engine import NAME, make_engine

EMPTIED: Final = "emptied"
SHOP: Final = "bellhop_shop"
SHARED: Final = frozenset({EMPTIED, SHOP})
"""The databases that tests share. Connections to them stay: each new one reads the catalogue anew."""
KEPT: Final = f"{NAME} of all tests"
"""The name of the connections that stay."""


@asynccontextmanager
async def engine_to(url: str, *, reads_only: bool = False) -> AsyncIterator[AsyncEngine]:
    """Lend the engine to a database; connections end here, but for those to one that tests share."""
    engine = _engine(url, reads_only)
    try:
        yield engine
    finally:
        if engine.url.database not in SHARED:
            await engine.dispose()


@lru_cache(maxsize=16)  # more than there are databases that tests share
def _engine(url: str, reads_only: bool) -> AsyncEngine:  # noqa: FBT001 - part of the key
    return make_engine(url, reads_only=reads_only, name=KEPT)
