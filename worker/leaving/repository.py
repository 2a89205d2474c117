"""Who is still expected by customers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import BOOKED, Booking
from worker.db.models.catalogue import Service
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.ui.names import shown_name


@dataclass(frozen=True, slots=True)
class ExpectedOf:
    """A coming visit with somebody who may leave."""

    id: int
    start: datetime
    service: str
    customer: str


async def load_coming(session: AsyncSession, specialist_id: int, now: datetime) -> list[ExpectedOf]:
    """Return the coming visits with a specialist, the soonest first."""
    start = func.lower(Booking.during)
    rows = await session.execute(
        select(Booking.id, start, Service.name, Person.first_name, Person.last_name, Person.username)
        .join(Service, and_(Service.business_id == Booking.business_id, Service.id == Booking.service_id))
        .join(Person, and_(Person.business_id == Booking.business_id, Person.id == Booking.customer_id))
        .where(
            Booking.business_id == scope(session),
            Booking.specialist_id == specialist_id,
            Booking.status.in_(BOOKED),
            Booking.busy.overlaps(Range(now, None)),
        )
        .order_by(start, Booking.id)
    )
    return [ExpectedOf(number, begins, service, shown_name(name)) for number, begins, service, *name in rows]
