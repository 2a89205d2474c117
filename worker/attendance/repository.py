"""The marks of visits, as they are kept."""

from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking, BookingEvent, Mark
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.ui.names import shown_name


async def write_mark(session: AsyncSession, booking_id: int, mark: Mark, now: datetime) -> None:
    """Put a mark on a visit; who is done with has still arrived when they did."""
    arrived = mark is Mark.ARRIVED
    await _write(session, booking_id, {"arrived_at": now} if arrived else {"outcome": mark})


async def remove_mark(session: AsyncSession, booking_id: int, mark: Mark) -> None:
    """Take a mark off a visit; who was done with is here again."""
    await _write(session, booking_id, {"arrived_at" if mark is Mark.ARRIVED else "outcome": None})


async def load_last_marker(session: AsyncSession, booking_id: int) -> str | None:
    """Return the name of who marked a visit last, or took a mark back; None where nobody is known."""
    event = BookingEvent
    statement = (
        select(Person.first_name, Person.last_name, Person.username)
        .join(event, and_(event.business_id == Person.business_id, event.actor_id == Person.id))
        .where(
            event.business_id == scope(session),
            event.booking_id == booking_id,
            event.kind.in_((*Mark, "unmarked")),
        )
        .order_by(event.id.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else shown_name(row)


async def _write(session: AsyncSession, booking_id: int, values: dict[str, datetime | Mark | None]) -> None:
    own = and_(Booking.business_id == scope(session), Booking.id == booking_id)
    await session.execute(update(Booking).where(own).values(values))
