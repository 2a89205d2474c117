"""Who comes along, as it is kept."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking
from worker.visits.repository import is_booking


async def write_companions(session: AsyncSession, booking_id: int, names: str | None) -> None:
    """Keep the names of those who come along."""
    await session.execute(update(Booking).where(is_booking(session, booking_id)).values(companions=names))
