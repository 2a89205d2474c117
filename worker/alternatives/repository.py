"""The rows of rebookings: which visits, what is kept for their customers, who watches."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, and_, func, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.alternatives.rules import TO_BE_CALLED, UNDECIDED, AnswerState
from worker.db.models.booking import BOOKED, Booking, Status
from worker.db.models.catalogue import Specialist
from worker.db.models.rebooking import Alternative, RebookedVisit, Rebooking, RebookingCard
from worker.db.scope import scope
from worker.visits.parts import until_of
from worker.visits.repository import Visit

OPEN: Final = (*UNDECIDED, *TO_BE_CALLED)
"""With whom it has not come to an end."""


@dataclass(frozen=True, slots=True)
class RebookingData:
    """A rebooking as it is stored."""

    id: int
    specialist_id: int
    specialist: str
    opened_at: datetime
    answer_by: datetime
    ended_at: datetime | None
    undo: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class RebookedData:
    """One of its visits."""

    rebooking_id: int
    booking_id: int
    was: datetime
    state: AnswerState
    message_id: int | None


@dataclass(frozen=True, slots=True)
class KeptTime:
    """A time that is kept for the customer of a visit."""

    id: int
    """Of the row that keeps it."""
    specialist_id: int
    specialist: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class WatcherCard:
    """Whose message shows how far it has come; `revision` makes each word to it another one."""

    person_id: int
    message_id: int | None
    revision: int


async def create(
    session: AsyncSession,
    specialist_id: int,
    opened_at: datetime,
    answer_by: datetime,
    undo: Mapping[str, Any] | None,
) -> int:
    """Begin a rebooking; return its number."""
    values = {"specialist_id": specialist_id, "opened_at": opened_at, "answer_by": answer_by, "undo": undo}
    statement = insert(Rebooking).values(business_id=scope(session), **values).returning(Rebooking.id)
    return (await session.execute(statement)).scalar_one()


async def add_visits(
    session: AsyncSession, rebooking_id: int, visits: Mapping[int, tuple[datetime, AnswerState]]
) -> None:
    """Have a rebooking be about visits: each with its start, and how far it has come with it."""
    rows = [
        {
            "business_id": scope(session),
            "rebooking_id": rebooking_id,
            "booking_id": number,
            "was": was,
            "state": state,
        }
        for number, (was, state) in visits.items()
    ]
    await session.execute(insert(RebookedVisit), rows)


async def add_watchers(session: AsyncSession, rebooking_id: int, people: Mapping[int, int | None]) -> None:
    """Have people watch a rebooking, each in a message that may be there already."""
    rows = [
        {
            "business_id": scope(session),
            "rebooking_id": rebooking_id,
            "person_id": person,
            "message_id": message,
        }
        for person, message in people.items()
    ]
    if rows:
        await session.execute(insert(RebookingCard), rows)


async def load(session: AsyncSession, rebooking_id: int, *, lock: bool = False) -> RebookingData | None:
    """Load a rebooking; with `lock`, nobody else goes on with it before this transaction ends."""
    statement = (
        select(
            Rebooking.id,
            Rebooking.specialist_id,
            Specialist.name,
            Rebooking.opened_at,
            Rebooking.answer_by,
            Rebooking.ended_at,
            Rebooking.undo,
        )
        .join(
            Specialist,
            and_(Specialist.business_id == Rebooking.business_id, Specialist.id == Rebooking.specialist_id),
        )
        .where(Rebooking.business_id == scope(session), Rebooking.id == rebooking_id)
    )
    if lock:
        statement = statement.with_for_update(of=Rebooking)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else RebookingData(*row)


async def end(session: AsyncSession, rebooking_id: int, now: datetime) -> None:
    """Note that a rebooking has come to its end."""
    await session.execute(
        update(Rebooking)
        .where(Rebooking.business_id == scope(session), Rebooking.id == rebooking_id)
        .values(ended_at=func.coalesce(Rebooking.ended_at, now))
    )


async def load_visits(session: AsyncSession, rebooking_id: int) -> list[RebookedData]:
    """Load the visits of a rebooking, the soonest first."""
    return await load_those(session, RebookedVisit.rebooking_id == rebooking_id)


async def load_open_of(session: AsyncSession, booking_ids: Collection[int]) -> list[RebookedData]:
    """Load with which of these visits it has not come to an end."""
    return await load_those(session, RebookedVisit.booking_id.in_(booking_ids), RebookedVisit.state.in_(OPEN))


async def load_those(session: AsyncSession, *which: ColumnElement[bool]) -> list[RebookedData]:
    """Load visits of rebookings of which something holds, the soonest first."""
    statement = (
        select(
            RebookedVisit.rebooking_id,
            RebookedVisit.booking_id,
            RebookedVisit.was,
            RebookedVisit.state,
            RebookedVisit.message_id,
        )
        .where(RebookedVisit.business_id == scope(session), *which)
        .order_by(RebookedVisit.was, RebookedVisit.booking_id)
    )
    rows = (await session.execute(statement)).all()
    return [
        RebookedData(number, visit, was, AnswerState(state), message)
        for number, visit, was, state, message in rows
    ]


async def write_state(
    session: AsyncSession,
    rebooking_id: int,
    booking_ids: Collection[int],
    state: AnswerState,
    of: Collection[AnswerState] = OPEN,
) -> list[int]:
    """Write how far it has come with visits that had come so far; return which they are."""
    statement = (
        update(RebookedVisit)
        .where(
            RebookedVisit.business_id == scope(session),
            RebookedVisit.rebooking_id == rebooking_id,
            RebookedVisit.booking_id.in_(booking_ids),
            RebookedVisit.state.in_(of),
        )
        .values(state=state)
        .returning(RebookedVisit.booking_id)
    )
    return sorted(await session.scalars(statement))


async def waive(session: AsyncSession, booking_ids: Collection[int], *, waived: bool) -> None:
    """Write whether no deadline holds for visits, because nobody is there."""
    await session.execute(
        update(Booking)
        .where(Booking.business_id == scope(session), Booking.id.in_(booking_ids))
        .values(waived=waived)
    )


async def keep_for(session: AsyncSession, booking_id: int, hold_ids: Collection[int]) -> None:
    """Note for whose visit times are kept."""
    rows = [{"business_id": scope(session), "hold_id": hold, "booking_id": booking_id} for hold in hold_ids]
    if rows:
        await session.execute(insert(Alternative), rows)


async def load_kept(
    session: AsyncSession, booking_ids: Collection[int], now: datetime
) -> dict[int, list[KeptTime]]:
    """Load the times that are kept for visits' customers, the soonest first."""
    found: dict[int, list[KeptTime]] = {number: [] for number in booking_ids}
    for number, kept in await _load_holds(session, booking_ids, Booking.kept_until > now):
        found[number].append(kept)
    return found


async def load_holds(session: AsyncSession, booking_ids: Collection[int]) -> list[KeptTime]:
    """Load the times that were kept for visits' customers and not let go, over or not."""
    return [kept for _, kept in await _load_holds(session, booking_ids)]


async def _load_holds(
    session: AsyncSession, booking_ids: Collection[int], *which: ColumnElement[bool]
) -> list[tuple[int, KeptTime]]:
    start, until = func.lower(Booking.during), func.upper(Booking.during)
    statement = (
        select(Alternative.booking_id, Booking.id, Booking.specialist_id, Specialist.name, start, until)
        .join(
            Booking, and_(Booking.business_id == Alternative.business_id, Booking.id == Alternative.hold_id)
        )
        .join(
            Specialist,
            and_(Specialist.business_id == Booking.business_id, Specialist.id == Booking.specialist_id),
        )
        .where(
            Alternative.business_id == scope(session),
            Alternative.booking_id.in_(booking_ids),
            Booking.status == Status.HELD,
            *which,
        )
        .order_by(start, Booking.id)
    )
    return [(number, KeptTime(*kept)) for number, *kept in (await session.execute(statement)).all()]


async def load_elsewhere(
    session: AsyncSession, visits: Collection[Visit], now: datetime
) -> dict[int, list[tuple[datetime, datetime]]]:
    """Load by customer when they have other visits than these."""
    customers = {visit.customer_id for visit in visits}
    until = literal_column(until_of("booking"), DateTime(timezone=True))
    statement = select(Booking.customer_id, func.lower(Booking.during), until).where(
        Booking.business_id == scope(session),
        Booking.customer_id.in_(customers),
        Booking.status.in_(BOOKED),
        until > now,
        Booking.id.not_in([visit.id for visit in visits]),
    )
    found: dict[int, list[tuple[datetime, datetime]]] = {customer: [] for customer in customers}
    for customer, start, until in await session.execute(statement):
        found[customer].append((start, until))
    return found


async def load_watchers(session: AsyncSession, rebooking_id: int) -> list[WatcherCard]:
    """Count one more word to everybody who watches, and return who they are."""
    statement = (
        update(RebookingCard)
        .where(RebookingCard.business_id == scope(session), RebookingCard.rebooking_id == rebooking_id)
        .values(revision=RebookingCard.revision + 1)
        .returning(RebookingCard.person_id, RebookingCard.message_id, RebookingCard.revision)
    )
    return sorted(
        (WatcherCard(*row) for row in await session.execute(statement)), key=lambda each: each.person_id
    )
