"""The sweep: delivers what is due, whoever promised it, and sleeps until something is."""

import asyncio

import structlog

from shared.clock import Clock
from worker.database import Sessions
from worker.delivery import outbox
from worker.delivery.deliverer import Deliverer
from worker.jobs.backoff import backoff_seconds
from worker.jobs.failures import is_outage

log = structlog.get_logger()

BATCH = 50
CEILING_SECONDS = 1.0


class Sweep:
    """Claims due rows and has them delivered, for ever."""

    def __init__(self, sessions: Sessions, deliverer: Deliverer, clock: Clock) -> None:
        self._sessions = sessions
        self._deliverer = deliverer
        self._clock = clock

    async def run_for_ever(self) -> None:
        """Sweep until cancelled; outages are waited out."""
        failures = 0
        while True:
            try:
                pause = await self.run_once()
                failures = 0
            except Exception as error:
                if not is_outage(error):
                    log.exception("sweep failed")
                failures += 1
                pause = backoff_seconds(failures)
            await asyncio.sleep(pause)

    async def run_once(self) -> float:
        """Deliver one batch; return the seconds until there is more to do."""
        now = self._clock.now()
        async with self._sessions.begin() as session:
            rows = await outbox.claim_due(session, now, BATCH)
            due = None if rows else await outbox.next_due(session)
        if rows:
            await self._deliverer.deliver_all(rows)
            return 0.0
        if due is None:
            return CEILING_SECONDS
        return min(CEILING_SECONDS, max(0.0, (due - self._clock.now()).total_seconds()))
