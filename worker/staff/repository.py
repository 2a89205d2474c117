"""What the people who work here are told of a customer, and of what happened to a visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import LIVE, Booking, BookingEvent, Status
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.staff.replies import VisitEvent
from worker.ui.names import shown_name
from worker.visits.repository import FROM_BOOKING, SELECTED, Visit, typed, visit_of

MOST_EVENTS: Final = 40
"""So many lines fit a message, whoever they name; older ones are left out."""
MOST_VISITS: Final = 400
"""So many of a customer's visits are turned through; older ones are left out."""

_OF_CUSTOMER: Final = typed(
    f"SELECT {SELECTED} {FROM_BOOKING} WHERE booking.business_id = :business"
    " AND booking.customer_id = :customer_id"
    " AND (CAST(:specialist_id AS bigint) IS NULL OR booking.specialist_id = :specialist_id)"
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
        ahead=sum(counts.get(status, 0) for status in LIVE),
        done=counts.get(Status.DONE, 0),
        cancelled=counts.get(Status.CANCELLED, 0),
        missed=counts.get(Status.NO_SHOW, 0),
    )


async def load_visits(session: AsyncSession, customer_id: int, specialist_id: int | None) -> list[Visit]:
    """Load a customer's visits, whatever came of them, the newest first: with one specialist, or with all."""
    values = {"customer_id": customer_id, "specialist_id": specialist_id}
    return [visit_of(row) for row in await fetch(session, _OF_CUSTOMER, values)]


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


async def load_reason(session: AsyncSession, booking_id: int) -> str | None:
    """Load why a visit's customer says they cancelled it; None where nobody knows any more."""
    statement = (
        select(BookingEvent.data["reason"].astext)
        .where(
            BookingEvent.business_id == scope(session),
            BookingEvent.booking_id == booking_id,
            BookingEvent.kind == "explained",
        )
        .order_by(BookingEvent.id.desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()
