"""The visits that a change of the business may be about."""

from datetime import datetime
from typing import Final

from sqlalchemy import DateTime
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import IS_BOOKED
from worker.visits.parts import GOES_ON
from worker.visits.repository import FROM_BOOKING, SELECTED, Visit, typed, visit_of

_COMING_LOCKED: Final = typed(
    f"SELECT {SELECTED} {FROM_BOOKING} WHERE booking.business_id = :business"
    f" AND booking.{IS_BOOKED} AND (booking.busy && tstzrange(:now, NULL) OR {GOES_ON})"
    " ORDER BY booking.id FOR NO KEY UPDATE OF booking",
    now=DateTime(timezone=True),
)


async def lock_coming(session: AsyncSession, now: datetime) -> list[Visit]:
    """Load every visit that is not over; nobody else changes them before this transaction ends."""
    return [visit_of(row) for row in await fetch(session, _COMING_LOCKED, {"now": now})]
