"""How late a customer said they would be, as it is kept."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking
from worker.db.scope import scope


async def write_lateness(session: AsyncSession, booking_id: int, by: timedelta) -> None:
    """Keep by how much a customer will be late."""
    await session.execute(
        update(Booking)
        .where(Booking.business_id == scope(session), Booking.id == booking_id)
        .values(late_minutes=by // timedelta(minutes=1))
    )
