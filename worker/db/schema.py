"""Whether the database has the tables of this release, and what a worker does while it has not."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import structlog
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from shared.metrics import Instruments
from worker.db import migrations
from worker.db.engine import Sessions, autocommit
from worker.db.errors import DATABASE_FAILURES, MIGRATE, SchemaMismatchError, explain_failure, sqlstate_of

log = structlog.get_logger()

LOOK_EVERY_SECONDS: Final = 1.0
SAY_EVERY: Final = 60
"""Looks: whoever reads the log of a waiting worker finds out within a minute."""
STATEMENT: Final = re.compile(r"^(down_)?revision = \"(\w+)\"", re.MULTILINE)
MISMATCHED: Final = ("42", "23502")
"""SQLSTATEs of a statement for other tables: a name that is not there, a new column without a value."""


@dataclass(frozen=True, slots=True)
class Revisions:
    """The migrations of this release."""

    known: frozenset[str]
    head: str


@cache
def revisions() -> Revisions:
    """Read which migrations this release brings. Alembic itself would cost a worker's start too much."""
    files = (Path(migrations.__file__).parent / "versions").glob("*.py")
    found = [STATEMENT.findall(file.read_text(encoding="utf-8")) for file in files]
    named = [(bool(down), revision) for each in found for down, revision in each]
    known = frozenset(revision for down, revision in named if not down)
    (head,) = known - {revision for down, revision in named if down}
    return Revisions(known, head)


@dataclass(frozen=True, slots=True)
class SchemaAge:
    """How old the database's schema is beside this release."""

    current: str | None
    """Its last migration; None where there was none yet."""

    @property
    def is_ours(self) -> bool:
        """Whether it is this release's."""
        return self.current == revisions().head

    @property
    def is_older(self) -> bool:
        """Whether migrations of this release are missing."""
        return self.current is None or (not self.is_ours and self.current in revisions().known)

    @property
    def is_newer(self) -> bool:
        """Whether it is a newer release's: nobody here knows it."""
        return self.current is not None and self.current not in revisions().known

    def __str__(self) -> str:
        """Say it in a sentence."""
        if self.is_older:
            now = "There are no tables in the database yet" if self.current is None else self._now
            return f"{now}, this release needs {revisions().head}; {MIGRATE}"
        return f"{self._now}, this release knows {revisions().head}: bring in the newer release"

    @property
    def _now(self) -> str:
        return f"The database's schema is at {self.current}"


async def age_of(sessions: Sessions) -> SchemaAge:
    """Look how old the schema is. Raises DATABASE_FAILURES."""
    async with sessions() as session:
        await autocommit(session)
        there = await session.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
        found = await session.scalar(text("SELECT version_num FROM alembic_version")) if there else None
    return SchemaAge(found)


@asynccontextmanager
async def minding_the_schema(sessions: Sessions) -> AsyncIterator[None]:
    """Have what fails in the block because of another release's tables raise SchemaMismatchError.

    Looks only at failures, for a dump may have been restored, or a migration have run, under a worker.
    """
    try:
        yield
    except Exception as error:
        if not any(_is_of_other_tables(each) for each in _leaves(error)):
            raise
        age = await age_of(sessions)
        if age.is_ours:
            raise
        raise SchemaMismatchError(str(age)) from error


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if not isinstance(error, BaseExceptionGroup):
        yield error
        return
    for each in error.exceptions:
        yield from _leaves(each)


def _is_of_other_tables(error: BaseException) -> bool:
    state = sqlstate_of(error) if isinstance(error, DATABASE_FAILURES) else None
    return state is not None and state.startswith(MISMATCHED)


class MigrationGate:
    """Lets a worker begin once the database has the tables that it works with."""

    def __init__(self, sessions: Sessions, registry: CollectorRegistry) -> None:
        self._sessions = sessions
        self._behind = Instruments(registry).gauge(
            "schema_behind", "1 while this worker waits for the database's migration, else 0."
        )
        self._behind.set(0)
        self._stopped = asyncio.Event()
        self.reason: str | None = None
        """Why nothing is done yet, in a sentence; None once it is."""

    def stop(self) -> None:
        """Wait no longer."""
        self._stopped.set()

    async def wait(self) -> bool:
        """Wait for the migration; return whether the work may begin: False where it was stopped before."""
        looks = 0
        while not self._stopped.is_set():
            reason = await self._look()
            if reason is None:
                self.reason = None
                return True
            if reason != self.reason or looks % SAY_EVERY == 0:
                log.warning("waiting for the database", reason=reason)
            self.reason, looks = reason, looks + 1
            await self._pause()
        return False

    async def _look(self) -> str | None:
        """Return what is in the way. A newer release's schema is not: releases live side by side."""
        try:
            age = await age_of(self._sessions)
        except DATABASE_FAILURES as error:
            return explain_failure(error)
        self._behind.set(age.is_older)
        return str(age) if age.is_older else None

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), LOOK_EVERY_SECONDS)
        except TimeoutError:
            return
