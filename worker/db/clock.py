"""PostgreSQL's clock: it decides what is due and what is over, whatever the machines of the workers say."""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import func, select

from worker.db.engine import Sessions, autocommit
from worker.db.errors import cause_of
from worker.db.outages import is_outage

log = structlog.get_logger()

ASK_EVERY_SECONDS: Final = 3.0
COUNTING: Final = time.CLOCK_BOOTTIME if sys.platform == "linux" else time.CLOCK_MONOTONIC
"""The clock by which seconds are counted: nobody sets it, and it counts a suspended machine's sleep."""


class ClockUnknownError(ConnectionError):
    """PostgreSQL has not told its time yet: an outage like any other."""


class DatabaseClock:
    """PostgreSQL's time as this process last heard it, counted on from there.

    It lags by the way of the answer, so that nothing comes early by it.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._told: datetime | None = None
        self._heard_at = 0.0

    def now(self) -> datetime:
        """Return the present instant, in UTC. Raises ClockUnknownError before PostgreSQL was asked."""
        if self._told is None:
            raise ClockUnknownError("PostgreSQL has not told its time yet")
        return self._told + timedelta(seconds=time.clock_gettime(COUNTING) - self._heard_at)

    async def ask(self) -> None:
        """Ask PostgreSQL for its time. Raises what an outage raises."""
        async with self._sessions() as session:
            await autocommit(session)
            told: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
        self._told, self._heard_at = told.astimezone(UTC), time.clock_gettime(COUNTING)

    async def ask_once(self) -> None:
        """Ask PostgreSQL for its time, if it can be asked just now."""
        try:
            await self.ask()
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("PostgreSQL's time not heard", error=cause_of(error))

    async def ask_for_ever(self) -> None:
        """Ask again and again until cancelled; outages are waited out."""
        while True:
            await asyncio.sleep(ASK_EVERY_SECONDS)
            await self.ask_once()
