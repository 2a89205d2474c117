"""Looks now and then whether all is well, one replica at a time, and has owners told."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import timedelta
from typing import Final

from shared.clock import Clock
from shared.environment import environment, setting
from worker.db.engine import Sessions
from worker.doctor.examination import examine
from worker.doctor.findings import Finding
from worker.health import repository
from worker.health.promises import conclude
from worker.repeating import LOOK_AT_HEALTH, RepeatedWorkMetrics, repeat

FIRST_SECONDS: Final = 300.0
"""What starts is not well for a moment."""
EVERY_SECONDS: Final = 300.0
STALE_AFTER: Final = timedelta(seconds=EVERY_SECONDS * 0.8)
"""So old is a look after which the next one is due: clocks and starts of replicas differ."""
WEBHOOK: Final = "Telegram updates"

type Look = Callable[[], Awaitable[Sequence[Finding]]]


async def look(clock: Clock) -> Sequence[Finding]:
    """Ask the doctor, as far as this process knows enough.

    Where it was not told BOT_MODE, it cannot tell a webhook that should be there from one that should not.
    """
    findings = await examine(clock)
    if setting("BOT_MODE", environment()):
        return findings
    return [finding for finding in findings if finding.name != WEBHOOK]


class HealthWatch:
    """One replica's share of looking."""

    def __init__(
        self,
        sessions: Sessions,
        look: Look,
        clock: Clock,
        admin_ids: Collection[int],
        first_seconds: float = FIRST_SECONDS,
    ) -> None:
        self._sessions = sessions
        self._look = look
        self._clock = clock
        self._admin_ids = admin_ids
        self._first_seconds = first_seconds

    async def run_for_ever(self, metrics: RepeatedWorkMetrics) -> None:
        """Look now and then, until cancelled; whatever fails is tried again next time."""
        await repeat(self.run_once, LOOK_AT_HEALTH, self._first_seconds, EVERY_SECONDS, metrics)

    async def run_once(self) -> None:
        """Look, unless another replica has lately; no transaction is open meanwhile."""
        now = self._clock.now()
        async with self._sessions.begin() as session:
            mine = await repository.claim(session, now, now - STALE_AFTER)
        if not mine:
            return
        findings = await self._look()
        async with self._sessions.begin() as session:
            await conclude(session, findings, self._clock.now(), self._admin_ids)
