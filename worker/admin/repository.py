"""The figures of a business."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from worker.admin.views import BusinessFigures
from worker.db.models.booking import LIVE, Booking
from worker.db.models.catalogue import Service, Specialist
from worker.db.models.delivery import DeadCommand, Outbox, State
from worker.db.models.people import Person


async def load_figures(session: AsyncSession, now: datetime) -> BusinessFigures:
    """Count in one statement."""
    counts = (
        select(func.count()).select_from(Service).where(Service.active),
        select(func.count()).select_from(Specialist).where(Specialist.active),
        select(func.count()).select_from(Person),
        select(func.count()).select_from(Person).where(~Person.reachable),
        select(func.count())
        .select_from(Booking)
        .where(
            Booking.status.in_(LIVE),
            Booking.busy.overlaps(Range(now, None)),
            func.lower(Booking.during) > now,
        ),
        select(func.count()).select_from(Outbox).where(Outbox.state == State.PENDING, Outbox.due_at <= now),
        select(func.count()).select_from(DeadCommand),
    )
    row = (await session.execute(select(*(count.scalar_subquery() for count in counts)))).one()
    return BusinessFigures(*row)
