"""Who gets a visit that anybody may do."""

from datetime import datetime, timedelta
from math import inf

from worker.scheduling.chains import waiting
from worker.scheduling.engine import check
from worker.scheduling.query import SlotQuery
from worker.scheduling.repository import Schedule


def by_fairness(
    schedule: Schedule, start: datetime, now: datetime, stays_at: int | None = None
) -> list[SlotQuery]:
    """Whoever has the fewest visits around that day comes first; the business's order breaks ties.

    Where other services are to follow, first of all whoever lets the customer wait least between them.
    """
    day = int(timedelta(days=1).total_seconds())
    instant = int(start.timestamp())

    def rank(query: SlotQuery) -> tuple[float, int]:
        plan = None if query.then is None else query.then.plan(query, instant)
        waited = inf if plan is None else waiting(plan)
        return waited, len(query.calendar.between(instant - day, instant + day))

    return sorted(schedule.queries(now, stays_at), key=rank)


def first_free(
    schedule: Schedule, start: datetime, now: datetime, stays_at: int | None = None
) -> SlotQuery | None:
    """Return with whom the visit would be; None where nobody can take its start."""
    queries = by_fairness(schedule, start, now, stays_at)
    return next((query for query in queries if check(query, int(start.timestamp())) is None), None)
