"""Who answered a request."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import BookingEvent
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.ui.names import shown_name

ASKED_ANEW: Final = "asked_anew"
"""That its customer asks for another time now."""
PROPOSED: Final = "proposed"
ANSWERS: Final = ("asked", "moved", PROPOSED, "accepted", "declined", "lapsed", "cancelled")


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What happened to a request last."""

    kind: str
    by: str
    """Who did it; empty where no name is known."""


async def load_answer(session: AsyncSession, booking_id: int) -> GivenAnswer | None:
    """Load what happened to a request last; None where nothing has."""
    event = BookingEvent
    statement = (
        select(event.kind, event.data, Person.first_name, Person.last_name, Person.username)
        .outerjoin(Person, and_(Person.business_id == event.business_id, Person.id == event.actor_id))
        .where(event.business_id == scope(session), event.booking_id == booking_id, event.kind.in_(ANSWERS))
        .order_by(event.id.desc())
        .limit(1)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return None
    kind, data, *name = row
    return GivenAnswer(ASKED_ANEW if kind in {"asked", "moved"} and "was" in data else kind, shown_name(name))
