"""Every row that is about one person, found by the columns that name people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    DateTime,
    and_,
    bindparam,
    delete,
    func,
    inspect,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from worker.db.models.booking import BOOKED, Booking, BookingAnswer, BookingEvent, Status
from worker.db.models.catalogue import Service, Specialist
from worker.db.models.delivery import DeadCommand, Outbox
from worker.db.models.flows import Draft, OpenConversation, Timer
from worker.db.models.gathering import Gathering, GatheringPlace
from worker.db.models.history import BusinessEvent
from worker.db.models.payments import Payment
from worker.db.models.people import Invitation, Person, Preference, RoleGrant
from worker.db.models.rebooking import RebookingCard
from worker.db.models.swapping import Swap
from worker.db.models.waitlist import WaitlistEntry, WaitlistOffer
from worker.db.scope import scope
from worker.dead.repository import NAMING, is_about
from worker.outbox import writer
from worker.people.repository import forget_people
from worker.together.ending import ending
from worker.together.repository import lock_of
from worker.visits.parts import GOES_ON

type Record = Mapping[str, Any]

PERSONAL: Final[Mapping[str, InstrumentedAttribute[Any]]] = {
    "person": Person.id,
    "preferences": Preference.person_id,
    "roles": RoleGrant.person_id,
    "works_as": Specialist.telegram_id,
    "visits": Booking.customer_id,
    "payments": Payment.person_id,
    "did": BookingEvent.actor_id,
    "changed": BusinessEvent.actor_id,
    "messages": Outbox.chat_id,
    "question": OpenConversation.person_id,
    "drafts": Draft.person_id,
    "watches": RebookingCard.person_id,
    "wishes": WaitlistEntry.customer_id,
    "offered": WaitlistOffer.customer_id,
    "gathered": Gathering.organizer_id,
    "joined": GatheringPlace.customer_id,
    "accepted": Invitation.person_id,
    "invited": Invitation.invited_by,
}
"""By the name under which it is written out, the column that names the person."""

ERASED: Final = (Outbox.chat_id, OpenConversation.person_id, Draft.person_id, RebookingCard.person_id)
"""What goes altogether; visits stay, and what was paid, under the name of nobody."""


@dataclass(frozen=True, slots=True)
class ExpectedVisit:
    """A visit that somebody still expects."""

    id: int
    service: str
    specialist: str
    start: datetime


class NotErasedError(Exception):
    """Somebody still expects the person: what has to happen first."""


class StillExpectedError(NotErasedError):
    """The person has visits that are still to come."""

    def __init__(self, visits: Sequence[ExpectedVisit]) -> None:
        super().__init__("There are visits still to come; cancel them first, so that whoever waits is told.")
        self.visits = visits


class WorksHereError(NotErasedError):
    """The business file names the person."""

    def __init__(self) -> None:
        super().__init__("The person works here: take their id out of the business file first, and apply it.")


async def export(session: AsyncSession, person_id: int) -> Mapping[str, Sequence[Record]]:
    """Return everything that is kept of a person, by what it is; what there is nothing of is left out."""
    found = {name: await _rows(session, column, person_id) for name, column in PERSONAL.items()}
    found["named"] = await _rows_of(session, BusinessEvent, BusinessEvent.people.contains([person_id]))
    theirs = select(Booking.id).where(_is(session, Booking.customer_id, person_id))
    found["parts"] = await _rows_of(session, Booking, Booking.part_of.in_(theirs))
    found["answers"] = await _rows_of(session, BookingAnswer, BookingAnswer.booking_id.in_(theirs))
    asked = or_(Swap.booking_id.in_(theirs), Swap.other_id.in_(theirs))
    found["swaps"] = await _rows_of(session, Swap, asked)
    # Whoever taps looks for this: what does not even hold the number is not read.
    named = DeadCommand.payload["raw"].astext.contains(str(person_id))
    dead = [row for row in await _rows_of(session, DeadCommand, named) if is_about(row["payload"], person_id)]
    return {name: rows for name, rows in {**found, "failed_commands": dead}.items() if rows}


async def erase(session: AsyncSession, person_id: int, now: datetime) -> Mapping[str, int]:
    """Erase a person; return how many rows of each went, or lost the name.

    Raises NotErasedError for whom visitors or the business still expect something of.
    """
    begun = await lock_of(session, person_id)
    await session.execute(select(Person.id).where(_is(session, Person.id, person_id)).with_for_update())
    if expected := await expected_visits(session, person_id, now):
        raise StillExpectedError(expected)
    held = and_(_is(session, Booking.customer_id, person_id), Booking.status == Status.HELD)
    await session.execute(delete(Booking).where(held))
    kept = await export(session, person_id)
    if {"roles", "works_as"} & kept.keys():
        raise WorksHereError
    await session.execute(_words_of_visits(session, person_id))
    for role in ("by", "who"):
        await session.execute(_named_in_notices(session, person_id, role))
    theirs = or_(*(Timer.payload[name].as_integer() == person_id for name in sorted(NAMING)))
    await session.execute(delete(Timer).where(Timer.business_id == scope(session), theirs))
    for column in ERASED:
        await session.execute(delete(column.class_).where(_is(session, column, person_id)))
    dead = [row["id"] for row in kept.get("failed_commands", ())]
    own = DeadCommand.business_id == scope(session)
    await session.execute(delete(DeadCommand).where(own, DeadCommand.id.in_(dead)))
    await forget_people(session, [person_id])
    await writer.enqueue(session, [], now, timers=ending(begun, now))
    return {name: len(rows) for name, rows in kept.items()}


async def expected_visits(session: AsyncSession, person_id: int, now: datetime) -> list[ExpectedVisit]:
    """Return the visits that a person still has, the next one first."""
    start = func.lower(Booking.during)
    statement = (
        select(Booking.id, Service.name, Specialist.name, start)
        .join(Service, and_(Service.business_id == Booking.business_id, Service.id == Booking.service_id))
        .join(
            Specialist,
            and_(Specialist.business_id == Booking.business_id, Specialist.id == Booking.specialist_id),
        )
        .where(
            _is(session, Booking.customer_id, person_id),
            Booking.status.in_(BOOKED),
            text(GOES_ON).bindparams(bindparam("now", now, type_=DateTime(timezone=True))),
        )
        .order_by(start)
    )
    return [ExpectedVisit(*row) for row in (await session.execute(statement)).all()]


def _words_of_visits(session: AsyncSession, person_id: int) -> Any:  # noqa: ANN401 - an UPDATE
    """Take out what was noted beside a person's visits: it may quote them."""
    theirs = select(Booking.id).where(_is(session, Booking.customer_id, person_id))
    own = BookingEvent.business_id == scope(session)
    return update(BookingEvent).where(own, BookingEvent.booking_id.in_(theirs)).values(data={})


def _named_in_notices(session: AsyncSession, person_id: int, role: str) -> Any:  # noqa: ANN401 - an UPDATE
    """Take out of what others were told who did it, or whom it is about."""
    own = Outbox.business_id == scope(session)
    without = Outbox.payload.op("-")(role)
    return update(Outbox).where(own, Outbox.payload[role].as_integer() == person_id).values(payload=without)


def _is(session: AsyncSession, column: InstrumentedAttribute[Any], person_id: int) -> ColumnElement[bool]:
    table: Any = column.class_
    return and_(table.business_id == scope(session), column == person_id)


async def _rows(session: AsyncSession, column: InstrumentedAttribute[Any], person_id: int) -> list[Record]:
    return await _rows_of(session, column.class_, column == person_id)


async def _rows_of(session: AsyncSession, table: Any, *which: ColumnElement[bool]) -> list[Record]:  # noqa: ANN401 - any table
    columns = inspect(table).columns
    statement = select(*columns).where(table.business_id == scope(session), *which)
    rows = (await session.execute(statement.order_by(*inspect(table).primary_key))).mappings()
    names = [column.name for column in columns if column.name != "business_id"]
    return [{name: _plain(row[name]) for name in names} for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, Range):
        return [value.lower, value.upper]
    return value
