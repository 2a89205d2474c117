"""Work that a replica does now and then, for as long as it lives."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from prometheus_client import CollectorRegistry

from shared.metrics import Instruments
from worker.db.errors import cause_of
from worker.db.outages import is_outage

log = structlog.get_logger()

FORGETTING: Final = "forgetting"
LOOK_AT_HEALTH: Final = "look at health"


class RepeatedWorkMetrics:
    """Counts what fails for one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        meaning = "Times that what a worker does now and then failed by a defect."
        self._faults = Instruments(registry).counter("repeated_work_faults_total", meaning, ("work",))
        for what in (FORGETTING, LOOK_AT_HEALTH):
            self._faults.labels(what)  # from 0 on, so that the first one is an increase

    def failed(self, what: str) -> None:
        """Count a failure that no outage explains."""
        self._faults.labels(what).inc()


async def repeat(
    work: Callable[[], Awaitable[None]], what: str, first: float, every: float, metrics: RepeatedWorkMetrics
) -> None:
    """Do it `first` seconds from now and then each `every` seconds, until cancelled.

    Whatever fails is tried again next time; `what` says in log and metrics which work it was.
    """
    await asyncio.sleep(first)
    while True:
        try:
            await work()
        except Exception as error:
            if is_outage(error):
                log.warning("repeated work put off", work=what, error=cause_of(error))
            else:
                metrics.failed(what)
                log.exception("repeated work failed", work=what)
        await asyncio.sleep(every)
