"""Runs the commands of timers that are due, each under the fence of its own row."""

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.envelope import Envelope, UnknownKindError, of_timer
from shared.retry import backoff_seconds
from worker.db.engine import Sessions
from worker.db.outages import is_outage
from worker.due.claims import Claims
from worker.due.poller import DuePoller, Work
from worker.outbox.metrics import DeliveryMetrics
from worker.runtime.runner import CommandRunner
from worker.timers.repository import TIMERS, ClaimedTimer

log = structlog.get_logger()

LONGEST_PAUSE_SECONDS: Final = 300.0


class TimerRunner:
    """Runs one timer's command at a time for each key, until it has taken effect once."""

    def __init__(
        self,
        runner: CommandRunner,
        sessions: Sessions,
        renewing: Sessions,
        clock: Clock,
        bot_id: int,
        metrics: DeliveryMetrics,
    ) -> None:
        self._metrics = metrics
        self._runner = runner
        self._sessions = sessions
        self._clock = clock
        self._bot_id = bot_id
        self.claims = Claims(TIMERS, renewing, clock)

    def make_poller(self) -> DuePoller[ClaimedTimer]:
        """Make what finds the timers that are due."""
        work = Work(TIMERS, self.claims, order_of=lambda timer: timer.key, do=self.run)
        return DuePoller(work, self._sessions, self._clock)

    async def run(self, timer: ClaimedTimer) -> datetime | None:
        """Run a claimed timer's command; one that fails by its own fault is tried again, ever more rarely."""
        try:
            await self._runner.run_timer(self._envelope(timer), lambda session: _take(session, timer))
        except UnknownKindError:
            log.info("timer waits for a newer worker", kind=timer.kind, key=timer.key)
            await self._postpone(timer)
        except Exception as error:
            if not is_outage(error):
                self._metrics.timer_failed()
                log.exception("timer failed", kind=timer.kind, key=timer.key, attempts=timer.attempts)
            await self._postpone(timer)
        return None

    def _envelope(self, timer: ClaimedTimer) -> Envelope:
        return of_timer(self._bot_id, timer.id, timer.kind, timer.payload, self._clock.now())

    async def _postpone(self, timer: ClaimedTimer) -> None:
        await self.claims.release([timer])
        pause = backoff_seconds(timer.attempts, longest=LONGEST_PAUSE_SECONDS)
        async with self._sessions.begin() as session:
            await TIMERS.postpone(session, [timer], self._clock.now() + timedelta(seconds=pause))


async def _take(session: AsyncSession, timer: ClaimedTimer) -> bool:
    """Delete the timer's row; False where it was set anew or has run by now."""
    return await TIMERS.delete(session, timer)
