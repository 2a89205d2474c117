"""Who answered a request."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import BookingEvent
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.ui.names import shown_name

ANSWERS: Final = ("accepted", "declined", "lapsed", "cancelled")


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What came of a request."""

    kind: str
    by: str
    """Who did it; empty where no name is known."""


async def load_answer(session: AsyncSession, booking_id: int) -> GivenAnswer | None:
    """Load what came of a request; None where nothing has yet."""
    event = BookingEvent
    statement = (
        select(event.kind, Person.first_name, Person.last_name, Person.username)
        .outerjoin(Person, and_(Person.business_id == event.business_id, Person.id == event.actor_id))
        .where(event.business_id == scope(session), event.booking_id == booking_id, event.kind.in_(ANSWERS))
        .order_by(event.id)
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else GivenAnswer(row[0], shown_name(row[1:]))
