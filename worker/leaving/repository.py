"""Who is still expected by customers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from worker.db.models.booking import BOOKED, Booking, KeptFor
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
    """Return the coming visits with a specialist, or with parts of theirs, the soonest first."""
    start, visit = func.lower(Booking.during), aliased(Booking)
    is_whole = visit.id == func.coalesce(Booking.part_of, Booking.id)
    rows = await session.execute(
        select(visit.id, start, Service.name, Person.first_name, Person.last_name, Person.username)
        .join(Service, and_(Service.business_id == Booking.business_id, Service.id == Booking.service_id))
        .join(visit, and_(visit.business_id == Booking.business_id, is_whole))
        .join(Person, and_(Person.business_id == visit.business_id, Person.id == visit.customer_id))
        .where(
            Booking.business_id == scope(session),
            Booking.specialist_id == specialist_id,
            or_(Booking.status.in_(BOOKED), Booking.kept_for == KeptFor.PART),
            visit.status.in_(BOOKED),
            Booking.busy.overlaps(Range(now, None)),
        )
        .order_by(start, Booking.id)
    )
    return [ExpectedOf(number, begins, service, shown_name(name)) for number, begins, service, *name in rows]
