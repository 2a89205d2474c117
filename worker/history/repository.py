"""What happened to visits, as it is kept."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.db.models.booking import Booking, BookingEvent
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.staff.replies import VisitEvent
from worker.staff.repository import load_newest_events


async def load_page(session: AsyncSession, number: int, size: int) -> tuple[Sequence[VisitEvent], bool]:
    """Load a page of all that happened, and tell whether there is more behind it."""
    found = await load_newest_events(session, most=size + 1, skipped=number * size)
    return found[:size], len(found) > size


async def find_visit(session: AsyncSession, booking_id: int, most: int) -> Sequence[VisitEvent]:
    """Load what happened to a visit, the newest first."""
    return await load_newest_events(session, BookingEvent.booking_id == booking_id, most=most)


async def find_people(session: AsyncSession, name: str, most: int) -> Sequence[VisitEvent]:
    """Load what people did whose names hold these words, and what happened to their visits."""
    called = func.concat_ws(" ", Person.first_name, Person.last_name, Person.username)
    people = select(Person.id).where(
        Person.business_id == scope(session), Person.id != NOBODY, called.icontains(name, autoescape=True)
    )
    theirs = or_(BookingEvent.actor_id.in_(people), Booking.customer_id.in_(people))
    return await load_newest_events(session, theirs, most=most)
