"""What two visits take while they stand aside to have each other's time, and their coming back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ARRAY, BigInteger, bindparam, column, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.scope import BUSINESS_ID
from worker.placement.allocation import Allocation
from worker.visits.repository import FROM_BOOKING, SELECTED, Visit, typed, visit_of

_IDS: Final = ARRAY(BigInteger)
_ASIDE: Final = (
    text(
        """
    UPDATE booking SET status = 'cancelled'
    WHERE booking.business_id = :business AND booking.id = ANY(:ids) AND booking.status = 'confirmed'
    RETURNING booking.id, lower(booking.busy), upper(booking.busy), booking.units
    """
    )
    .bindparams(BUSINESS_ID, bindparam("ids", type_=_IDS))
    .columns(*map(column, ("id", "busy_start", "busy_end", "units")))
)
_BACK: Final = """
    UPDATE booking SET status = 'confirmed', moved = true
    WHERE booking.business_id = :business AND booking.id = ANY(:ids) RETURNING booking.*
"""
_COME_BACK: Final = typed(f"WITH booking AS ({_BACK}) SELECT {SELECTED} {FROM_BOOKING}", ids=_IDS)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a visit takes beside its own time: its pauses, and units of resources by their numbers."""

    busy_start: datetime
    busy_end: datetime
    units: Sequence[int]

    def of(self, visit: Visit) -> Allocation:
        """Say all that a visit takes of its specialist, who is there for it alone."""
        return Allocation(
            service_id=visit.service_id,
            specialist_id=visit.specialist_id,
            location_id=visit.location_id,
            seats=None,
            units=self.units,
            start=visit.start,
            end=visit.end,
            busy_start=self.busy_start,
            busy_end=self.busy_end,
            latest=visit.start,
        )


async def stand_aside(session: AsyncSession, booking_ids: Sequence[int]) -> Mapping[int, Taken]:
    """Have visits take no time until they come back in this transaction; return what they took."""
    rows = await fetch(session, _ASIDE, {"ids": list(booking_ids)})
    return {number: Taken(begin, end, _numbers(units)) for number, begin, end, units in rows}


def _numbers(units: Sequence[Range[int]]) -> list[int]:
    return [unit for each in units for unit in range(each.lower or 0, each.upper or 0)]


async def come_back(session: AsyncSession, booking_ids: Sequence[int]) -> Mapping[int, Visit]:
    """Have visits take their times again, where the database lets them."""
    rows = await fetch(session, _COME_BACK, {"ids": list(booking_ids)})
    return {visit.id: visit for visit in map(visit_of, rows)}
