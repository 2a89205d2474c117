"""Visits that are over become done: a booking's last change, and nobody's doing."""

from datetime import datetime, timedelta

from sqlalchemy import Executable, func, select, update

from worker.db.engine import Sessions
from worker.db.models.booking import Booking, Status
from worker.retention.forgetting import BITE, drain

AFTER = timedelta(days=1)
"""Long enough for whoever looks at the day's visits in the evening, or a zone away."""


async def finish(sessions: Sessions, now: datetime) -> int:
    """Call confirmed visits done that ended more than a day ago; return how many.

    Their version stays: nothing changed for the customer, and their cards and buttons are as true as before.
    """
    return await drain(sessions, _over(now - AFTER))


def _over(before: datetime) -> Executable:
    chosen = (
        select(Booking.id)
        .where(Booking.status == Status.CONFIRMED, func.upper(Booking.during) < before)
        .order_by(Booking.id)
        .limit(BITE)
        .with_for_update(skip_locked=True)
    )
    return update(Booking).where(Booking.id.in_(chosen)).values(status=Status.DONE).returning(Booking.id)
