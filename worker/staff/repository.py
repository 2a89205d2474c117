"""What happened to a visit, for the people who work here."""

from typing import Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking, BookingEvent
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.staff.replies import VisitEvent
from worker.ui.names import shown_name

MOST_EVENTS: Final = 40
"""So many lines fit a message, whoever they name; older ones are left out."""


async def load_events(session: AsyncSession, booking_id: int) -> list[VisitEvent]:
    """Load what happened to a visit, the oldest first: of very much the newest."""
    newest_first = await load_newest_events(session, BookingEvent.booking_id == booking_id, most=MOST_EVENTS)
    return newest_first[::-1]


async def load_newest_events(
    session: AsyncSession, *which: ColumnElement[bool], most: int, skipped: int = 0
) -> list[VisitEvent]:
    """Load what happened to visits, the newest first."""
    event = BookingEvent
    statement = (
        select(event, Booking.customer_id, Person.first_name, Person.last_name, Person.username)
        .join(Booking, and_(Booking.business_id == event.business_id, Booking.id == event.booking_id))
        .outerjoin(Person, and_(Person.business_id == event.business_id, Person.id == event.actor_id))
        .where(event.business_id == scope(session), *which)
        .order_by(event.id.desc())
        .offset(skipped)
        .limit(most)
    )
    return [
        VisitEvent(
            each.booking_id,
            customer_id,
            each.kind,
            each.at,
            each.actor_id,
            shown_name(name),
            each.source,
            each.data,
        )
        for each, customer_id, *name in await session.execute(statement)
    ]
