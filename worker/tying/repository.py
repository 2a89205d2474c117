"""One customer's rows become another's."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import and_, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.types import BigInteger

from worker.db.models.booking import LIVE, Booking
from worker.db.models.delivery import Outbox
from worker.db.models.history import BusinessEvent
from worker.db.models.people import Person
from worker.db.scope import scope
from worker.privacy.repository import ERASED, PERSONAL
from worker.tying.rules import KnownOf, joined

MOVED: Final = tuple(column for column in PERSONAL.values() if column not in {Person.id, *ERASED})
"""The columns that name somebody; whoever has no Telegram has no chat, so no message, question or draft."""
KNOWN: Final = (Person.phone, Person.staff_note, Person.blocked_at, Person.blocked_reason)


def business_of(session: AsyncSession) -> int:
    """Return the business whose customers a session sees."""
    return scope(session)


async def load_name(session: AsyncSession, customer_id: int) -> str | None:
    """Return what a customer without Telegram is called; None for whom is not there any more."""
    own = (Person.business_id == scope(session), Person.id == customer_id)
    return await session.scalar(select(Person.first_name).where(*own))


async def lock(session: AsyncSession, people: Sequence[int]) -> dict[int, KnownOf]:
    """Lock people until the transaction ends, and return what is kept of those who are there."""
    own = (Person.business_id == scope(session), Person.id.in_(people))
    rows = await session.execute(select(Person.id, *KNOWN).where(*own).order_by(Person.id).with_for_update())
    return {row.id: KnownOf(row.phone, row.staff_note, row.blocked_at, row.blocked_reason) for row in rows}


async def load_same_visits(session: AsyncSession, one: int, other: int) -> Sequence[int]:
    """Return the visits of one that the other has, too: the same service at the same time."""
    twin = aliased(Booking)
    same = and_(
        twin.business_id == Booking.business_id,
        twin.service_id == Booking.service_id,
        func.lower(twin.during) == func.lower(Booking.during),
        twin.customer_id == other,
        twin.status.in_(LIVE),
    )
    live = (Booking.business_id == scope(session), Booking.customer_id == one, Booking.status.in_(LIVE))
    return (await session.scalars(select(Booking.id).join(twin, same).where(*live))).all()


async def make_one(session: AsyncSession, of: dict[int, KnownOf], without: int, person_id: int) -> bool:
    """Give all that a customer without Telegram has to a person of Telegram, and forget the former.

    Both are locked. False where something of theirs cannot be one person's: nothing is changed then.
    """
    try:
        async with session.begin_nested():
            for column in MOVED:
                await session.execute(_renamed(session, column, without, person_id))
            await _rename_in_notices(session, without, person_id)
            await session.execute(
                delete(Person).where(Person.business_id == scope(session), Person.id == without)
            )
            known = asdict(joined(of[person_id], of[without]))
            changed = update(Person).where(Person.business_id == scope(session), Person.id == person_id)
            await session.execute(changed.values(**known))
    except IntegrityError:
        return False
    return True


def _renamed(session: AsyncSession, column: InstrumentedAttribute[Any], without: int, person_id: int) -> Any:  # noqa: ANN401 - an UPDATE
    table: Any = column.class_
    return (
        update(table)
        .where(table.business_id == scope(session), column == without)
        .values({column: person_id})
    )


async def _rename_in_notices(session: AsyncSession, without: int, person_id: int) -> None:
    """Let what staff are about to be told, and what happened to the business, name who it is now."""
    own = and_(Outbox.business_id == scope(session), Outbox.payload["who"].as_integer() == without)
    named = func.jsonb_set(Outbox.payload, ["who"], cast(person_id, JSONB))
    await session.execute(update(Outbox).where(own).values(payload=named))
    of_people = BusinessEvent.people.contains([without])
    renamed = func.array_replace(BusinessEvent.people, cast(without, BigInteger), cast(person_id, BigInteger))
    events = update(BusinessEvent).where(BusinessEvent.business_id == scope(session), of_people)
    await session.execute(events.values(people=renamed))
