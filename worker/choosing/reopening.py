"""When it is open again, where nothing is for as far ahead as can be booked: a season that is closed."""

from datetime import date, timedelta
from typing import Final

from worker.choosing.chosen import Choosing, load
from worker.choosing.rules import first_open
from worker.runtime.context import RequestContext
from worker.scheduling.repository import Schedule
from worker.scheduling.views import Reopening

SEARCHED: Final = timedelta(days=366)
"""How far behind what can be booked: as far as any season is over."""


async def find_reopening(
    context: RequestContext, command: Choosing, schedule: Schedule, last: date
) -> Reopening | None:
    """Return when it is open again, and from when on that can be booked.

    `last` is the last day that can be booked. None where some day up to it is open, or none is within a year.
    """
    if first_open(schedule.queries(context.now), context.today, last) is not None:
        return None
    first, end = last + timedelta(days=1), last + SEARCHED
    later = await load(context, command, first, end)
    day = None if later is None else first_open(later.queries(context.now), first, end)
    if day is None:
        return None
    return Reopening(day, max(day - timedelta(seconds=schedule.policy.horizon), context.today))
