"""That a visit's customer could not be told, as it is kept."""

from datetime import datetime

from sqlalchemy import SmallInteger, exists, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import BookingEvent
from worker.db.scope import scope
from worker.visits.repository import UNREACHABLE


async def note_unreachable(session: AsyncSession, booking_id: int, now: datetime) -> None:
    """Note once on a booking that its customer could not be told."""
    known = exists().where(
        BookingEvent.business_id == scope(session),
        BookingEvent.booking_id == booking_id,
        BookingEvent.kind == UNREACHABLE,
    )
    event = select(
        literal(scope(session), SmallInteger),
        literal(booking_id),
        literal(UNREACHABLE),
        literal("delivery"),
        literal(now, BookingEvent.at.type),
    ).where(~known)
    columns = ["business_id", "booking_id", "kind", "source", "at"]
    await session.execute(insert(BookingEvent).from_select(columns, event))
