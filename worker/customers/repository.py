"""What is known of a customer: what became of their visits, and whether they may book here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import BOOKED, Booking, Status
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.visits.repository import FROM_BOOKING, SELECTED, Visit, typed, visit_of

MOST_VISITS: Final = 400
"""So many of a customer's visits are turned through; older ones are left out."""

_DOES_A_PART: Final = """EXISTS (
    SELECT FROM booking AS part WHERE part.business_id = booking.business_id
        AND part.part_of = booking.id AND part.specialist_id = :specialist_id
)"""
_OF_CUSTOMER: Final = typed(
    f"SELECT {SELECTED} {FROM_BOOKING} WHERE booking.business_id = :business"
    " AND booking.customer_id = :customer_id AND booking.status <> 'held'"
    " AND (CAST(:specialist_id AS bigint) IS NULL OR booking.specialist_id = :specialist_id"
    f" OR {_DOES_A_PART})"
    f" ORDER BY lower(booking.during) DESC, booking.id DESC LIMIT {MOST_VISITS}",
    customer_id=BigInteger,
    specialist_id=BigInteger,
)


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer, and how many of their visits came to what."""

    blocked: bool
    blocked_reason: str | None
    """Why, for the staff alone."""
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
    came_to = func.coalesce(Booking.outcome, Booking.status)
    counting = (
        select(came_to, func.count())
        .where(Booking.business_id == scope(session), Booking.customer_id == customer_id)
        .group_by(came_to)
    )
    rows = await session.execute(counting)
    counts: Mapping[str, int] = {row[0]: row[1] for row in rows}
    person = select(Person.blocked_at.is_not(None), Person.blocked_reason).where(
        Person.business_id == scope(session), Person.id == customer_id
    )
    blocked, reason = (await session.execute(person)).one_or_none() or (False, None)
    return CustomerRecord(
        blocked=blocked,
        blocked_reason=reason,
        ahead=sum(counts.get(status, 0) for status in BOOKED),
        done=counts.get(Status.DONE, 0),
        cancelled=counts.get(Status.CANCELLED, 0),
        missed=counts.get(Status.NO_SHOW, 0),
    )


async def load_visits(session: AsyncSession, customer_id: int, specialist_id: int | None) -> list[Visit]:
    """Load a customer's visits, whatever came of them, the newest first: with one specialist, or with all."""
    values = {"customer_id": customer_id, "specialist_id": specialist_id}
    return [visit_of(row) for row in await fetch(session, _OF_CUSTOMER, values)]
