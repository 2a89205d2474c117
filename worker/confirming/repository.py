"""That a customer was asked, and until when they have to answer, as it is kept."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking
from worker.db.scope import scope


async def agree(session: AsyncSession, booking_id: int, confirm_by: datetime) -> None:
    """Keep until when the customer of a visit has to say that they will be there."""
    own = Booking.business_id == scope(session)
    await session.execute(update(Booking).where(own, Booking.id == booking_id).values(confirm_by=confirm_by))


async def note_asked(session: AsyncSession, booking_id: int, version: int, now: datetime) -> None:
    """Note that the customer was reminded of the visit as it is, and so asked, if it is the first time."""
    own = (Booking.business_id == scope(session), Booking.id == booking_id, Booking.version == version)
    statement = update(Booking).where(*own, Booking.asked_at.is_(None))
    await session.execute(statement.values(asked_at=now))
