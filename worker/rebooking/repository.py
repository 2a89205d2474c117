"""What a rebooking's own messages and timers read and write."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.alternatives.repository import RebookedData, load_those
from worker.db import locks
from worker.db.models.rebooking import RebookedVisit, Rebooking, RebookingCard
from worker.db.scope import scope
from worker.retention.repository import remove


async def lock_offering(session: AsyncSession) -> None:
    """Have nobody else keep times for customers, or change the business, before this transaction ends.

    It comes before every other lock. What is kept for customers is nobody's, so that it does not make room
    for one another: whoever looks for free times sees all that others keep.
    """
    await session.execute(select(func.pg_advisory_xact_lock_shared(locks.BUSINESS, scope(session))))
    await session.execute(select(func.pg_advisory_xact_lock(locks.OFFERING, scope(session))))


async def load_one(session: AsyncSession, rebooking_id: int, booking_id: int) -> RebookedData | None:
    """Load one visit of a rebooking."""
    found = await load_those(
        session, RebookedVisit.rebooking_id == rebooking_id, RebookedVisit.booking_id == booking_id
    )
    return found[0] if found else None


async def write_message(session: AsyncSession, rebooking_id: int, booking_id: int, message_id: int) -> None:
    """Note which message offers a customer other times."""
    await session.execute(
        update(RebookedVisit)
        .where(
            RebookedVisit.business_id == scope(session),
            RebookedVisit.rebooking_id == rebooking_id,
            RebookedVisit.booking_id == booking_id,
        )
        .values(message_id=message_id)
    )


async def load_card(session: AsyncSession, rebooking_id: int, person_id: int) -> int | None:
    """Return the message that shows somebody how far it has come."""
    statement = select(RebookingCard.message_id).where(_card(session, rebooking_id, person_id))
    return (await session.execute(statement)).scalar_one_or_none()


async def write_card(session: AsyncSession, rebooking_id: int, person_id: int, message_id: int) -> None:
    """Note which message shows it."""
    where = _card(session, rebooking_id, person_id)
    await session.execute(update(RebookingCard).where(where).values(message_id=message_id))


def _card(session: AsyncSession, rebooking_id: int, person_id: int) -> ColumnElement[bool]:
    return and_(
        RebookingCard.business_id == scope(session),
        RebookingCard.rebooking_id == rebooking_id,
        RebookingCard.person_id == person_id,
    )


async def remove_ended(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove rebookings that came to their end before an instant."""
    return await remove(session, Rebooking.id, limit, Rebooking.ended_at < before)
