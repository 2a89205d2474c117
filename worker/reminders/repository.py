"""That a customer will be there, as it is kept."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking
from worker.visits.repository import is_booking


async def attend(session: AsyncSession, booking_id: int, now: datetime) -> None:
    """Note that the customer will be there."""
    await session.execute(update(Booking).where(is_booking(session, booking_id)).values(attending_at=now))
