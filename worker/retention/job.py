"""Forgets what is past its use, a few times a day."""

from collections.abc import Sequence
from typing import Final

import structlog

from shared.clock import Clock
from worker.db.engine import Sessions
from worker.repeating import FORGETTING, RepeatedWorkMetrics, repeat
from worker.retention.forgetting import forget
from worker.retention.purge import Purge

FIRST_SECONDS: Final = 60.0
"""Starting replicas have more urgent things to do."""
EVERY_SECONDS: Final = 6 * 3600.0

log = structlog.get_logger()


class RetentionJob:
    """One replica's share of forgetting."""

    def __init__(
        self,
        sessions: Sessions,
        purges: Sequence[Purge],
        clock: Clock,
        retention_days: int,
        first_seconds: float = FIRST_SECONDS,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._purges = purges
        self._retention_days = retention_days
        self._first_seconds = first_seconds

    async def run_for_ever(self, metrics: RepeatedWorkMetrics) -> None:
        """Forget now and then, until cancelled; whatever fails is tried again next time."""
        await repeat(self.run_once, FORGETTING, self._first_seconds, EVERY_SECONDS, metrics)

    async def run_once(self) -> None:
        """Forget what is past its use, unless another replica is just doing so."""
        gone = await forget(self._sessions, self._purges, self._clock.now(), self._retention_days)
        if any(gone.values()):
            log.info("forgotten", **gone)
