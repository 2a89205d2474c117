"""What the people who work here are told of a customer."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import LIVE, Booking, Status
from worker.db.models.people import Person
from worker.db.scope import scope


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer, and how many of their visits came to what."""

    blocked: bool
    ahead: int
    """Visits that stand."""
    done: int
    cancelled: int
    missed: int

    @property
    def visits(self) -> int:
        """All of them, whatever came of them."""
        return self.ahead + self.done + self.cancelled + self.missed


async def load_record(session: AsyncSession, customer_id: int) -> CustomerRecord:
    """Load what is known of a customer."""
    counting = (
        select(Booking.status, func.count())
        .where(Booking.business_id == scope(session), Booking.customer_id == customer_id)
        .group_by(Booking.status)
    )
    rows = await session.execute(counting)
    counts: Mapping[str, int] = {row[0]: row[1] for row in rows}
    blocked = select(Person.blocked_at.is_not(None)).where(
        Person.business_id == scope(session), Person.id == customer_id
    )
    return CustomerRecord(
        blocked=bool(await session.scalar(blocked)),
        ahead=sum(counts.get(status, 0) for status in LIVE),
        done=counts.get(Status.DONE, 0),
        cancelled=counts.get(Status.CANCELLED, 0),
        missed=counts.get(Status.NO_SHOW, 0),
    )
