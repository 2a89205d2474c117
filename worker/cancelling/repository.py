"""The end of a visit that is cancelled."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking, Status
from worker.visits.repository import Visit, is_booking


async def cancel(session: AsyncSession, visit: Visit) -> None:
    """End a visit; its time is free again with this transaction's commit."""
    await session.execute(
        update(Booking)
        .where(is_booking(session, visit.id), Booking.version == visit.version)
        .values(status=Status.CANCELLED, version=Booking.version + 1, kept_until=None, awaits=None)
    )
