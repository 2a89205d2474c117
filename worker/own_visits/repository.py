"""A customer's visits that are over, how they are closed, and how long what happened to visits is kept."""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, DateTime, bindparam, func, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import Booking, BookingEvent, Status
from worker.retention.repository import remove, visit_since
from worker.visits.parts import GOES_ON
from worker.visits.repository import FROM_BOOKING, SELECTED, Visit, is_booking, typed, visit_of

LATELY: Final = 48
"""So many of a customer's past visits are looked through: six pages."""

_INSTANT: Final = DateTime(timezone=True)
_PAST: Final = typed(
    f"SELECT {SELECTED} {FROM_BOOKING} WHERE booking.business_id = :business"
    " AND booking.status NOT IN ('held', 'cancelled') AND booking.customer_id = :customer_id"
    f" AND NOT {GOES_ON} ORDER BY upper(booking.during) DESC, booking.id DESC LIMIT {LATELY}",
    customer_id=BigInteger,
    now=_INSTANT,
)


async def load_past(session: AsyncSession, customer_id: int, now: datetime) -> list[Visit]:
    """Load a customer's visits that are over and were not cancelled, the latest first."""
    values = {"customer_id": customer_id, "now": now}
    return [visit_of(row) for row in await fetch(session, _PAST, values)]


async def complete(session: AsyncSession, booking_id: int, now: datetime) -> None:
    """Close a visit that is over and still stands as confirmed: done, unless staff noted otherwise."""
    over = text(f"NOT {GOES_ON}").bindparams(bindparam("now", now, type_=_INSTANT))
    await session.execute(
        update(Booking)
        .where(is_booking(session, booking_id), Booking.status == Status.CONFIRMED, over)
        .values(status=func.coalesce(Booking.outcome, Status.DONE))
    )


async def remove_events(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove notes of who did what, but on visits that are still to come or just over."""
    old = (BookingEvent.at < before, ~visit_since(BookingEvent.booking_id, before))
    return await remove(session, BookingEvent.id, limit, *old)
