"""The later visits of a visit's series."""

from typing import Final

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import IS_BOOKED
from worker.visits.repository import FROM_BOOKING, SELECTED, Visit, typed, visit_of

_LATER: Final = typed(
    f"SELECT {SELECTED} {FROM_BOOKING} WHERE booking.business_id = :business"
    " AND booking.customer_id = :customer_id AND booking.series_id = :series_id"
    f" AND booking.{IS_BOOKED} AND lower(booking.during) > :start"
    " ORDER BY lower(booking.during), booking.id FOR UPDATE OF booking",
    customer_id=BigInteger,
    series_id=BigInteger,
    start=DateTime(timezone=True),
)


async def load_later(session: AsyncSession, visit: Visit) -> list[Visit]:
    """Load and lock the visits of a visit's series that come after it, soonest first."""
    values = {"customer_id": visit.customer_id, "series_id": visit.series_id, "start": visit.start}
    return [visit_of(row) for row in await fetch(session, _LATER, values)]
