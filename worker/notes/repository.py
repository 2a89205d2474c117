"""The note to a visit, as it is kept."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking
from worker.visits.repository import is_booking


async def write_note(session: AsyncSession, booking_id: int, note: str | None) -> None:
    """Keep what the customer wants to be known before a visit."""
    await session.execute(update(Booking).where(is_booking(session, booking_id)).values(note=note))
