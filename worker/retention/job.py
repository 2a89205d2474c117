"""Finishes visits that are over and forgets what is past its use, a few times a day."""

import asyncio
from dataclasses import asdict
from typing import Final

import structlog

from shared.clock import Clock
from worker.db.engine import Sessions
from worker.db.errors import cause_of
from worker.db.outages import is_outage
from worker.retention.repository import forget

FIRST_SECONDS: Final = 60.0
"""Starting replicas have more urgent things to do."""
EVERY_SECONDS: Final = 6 * 3600.0

log = structlog.get_logger()


class RetentionJob:
    """One replica's share of forgetting."""

    def __init__(self, sessions: Sessions, clock: Clock, retention_days: int) -> None:
        self._sessions = sessions
        self._clock = clock
        self._retention_days = retention_days

    async def run_for_ever(self) -> None:
        """Forget now and then, until cancelled; whatever fails is tried again next time."""
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            try:
                await self.run_once()
            except Exception as error:
                if is_outage(error):
                    log.warning("forgetting put off", error=cause_of(error))
                else:
                    log.exception("forgetting failed")
            await asyncio.sleep(EVERY_SECONDS)

    async def run_once(self) -> None:
        """Forget what is past its use, unless another replica is just doing so."""
        forgotten = await forget(self._sessions, self._clock.now(), self._retention_days)
        if forgotten:
            log.info("forgotten", **asdict(forgotten))
