"""Work that a replica does now and then, for as long as it lives."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from worker.db.errors import cause_of
from worker.db.outages import is_outage

log = structlog.get_logger()


async def repeat(work: Callable[[], Awaitable[None]], what: str, first: float, every: float) -> None:
    """Do it `first` seconds from now and then each `every` seconds, until cancelled.

    Whatever fails is tried again next time; `what` says in the log which work it was.
    """
    await asyncio.sleep(first)
    while True:
        try:
            await work()
        except Exception as error:
            if is_outage(error):
                log.warning("repeated work put off", work=what, error=cause_of(error))
            else:
                log.exception("repeated work failed", work=what)
        await asyncio.sleep(every)
