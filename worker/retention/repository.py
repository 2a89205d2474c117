"""What is past its use leaves the database, in batches that hold no lock for long.

Visits stay for the statistics, under the name of nobody; what says who came goes. Everything may run at
any time, on any number of replicas, again and again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db import locks
from worker.db.engine import Sessions, fetch
from worker.db.models.base import BusinessColumn
from worker.db.models.booking import Booking, BookingEvent
from worker.db.models.catalogue import Specialist
from worker.db.models.delivery import DeadCommand, Outbox, ProcessedUpdate, State, SubjectType
from worker.db.models.people import Person, RoleGrant
from worker.db.scope import BUSINESS_ID, scope

FENCE = timedelta(days=7)
"""An update's number is kept for so long; Telegram repeats none after a day, and the queue none after two."""
BATCH = 500
LONGEST_DAYS = 36_500
"""A century: nothing here is older, and dates do not reach back for ever."""
NOBODY = 0
"""Who has the visits of people who are forgotten; Telegram gives nobody this id."""
NOBODYS_NAME = "—"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows went, by what they were."""

    updates: int = 0
    messages: int = 0
    events: int = 0
    dead_commands: int = 0
    people: int = 0

    def __bool__(self) -> bool:
        """Tell whether anything went."""
        return bool(self.updates or self.messages or self.events or self.dead_commands or self.people)


async def forget(sessions: Sessions, now: datetime, retention_days: int) -> Forgotten:
    """Forget the numbers of old updates and, unless `retention_days` is 0, whatever is older than that.

    The updates are every bot's, all else is of the sessions' business. Raises ValueError for less than no
    days: then people would go whose visits are still to come.
    """
    if not 0 <= retention_days <= LONGEST_DAYS:
        raise ValueError(f"retention is from 0 to {LONGEST_DAYS} days, not {retention_days}")
    updates = await purge(sessions, _old_updates(now - FENCE))
    if not retention_days:
        return Forgotten(updates)
    before = now - timedelta(days=retention_days)
    return Forgotten(
        updates=updates,
        messages=await purge(sessions, _old_messages(before)),
        events=await purge(sessions, _old_events(before)),
        dead_commands=await purge(sessions, _old_dead_commands(before)),
        people=await _forget_people(sessions, before),
    )


async def purge(sessions: Sessions, batch: Executable) -> int:
    """Run a statement that takes a batch until nothing is left; return how many rows it took."""
    total = 0
    while True:
        async with sessions.begin() as session:
            gone = len(await fetch(session, batch, {})) if await lock(session) else 0
        total += gone
        if gone < BATCH:
            return total


async def lock(session: AsyncSession) -> bool:
    """Lock the business for a batch: of several replicas one forgets, and the others have nothing to do."""
    locking = select(func.pg_try_advisory_xact_lock(locks.RETENTION, scope(session)))
    return bool(await session.scalar(locking))


def _old_updates(before: datetime) -> Executable:
    key = (ProcessedUpdate.bot_id, ProcessedUpdate.update_id)
    old = select(*key).where(ProcessedUpdate.at < before).order_by(ProcessedUpdate.at).limit(BATCH).subquery()
    mine = and_(ProcessedUpdate.bot_id == old.c.bot_id, ProcessedUpdate.update_id == old.c.update_id)
    return delete(ProcessedUpdate).where(mine).returning(ProcessedUpdate.update_id)


def _old_messages(before: datetime) -> Executable:
    """Select messages that are settled, and about no visit that is still to come or just over."""
    settled = and_(Outbox.state != State.PENDING, func.coalesce(Outbox.sent_at, Outbox.created_at) < before)
    visit = and_(Outbox.subject_type == SubjectType.BOOKING, _visit_since(Outbox.subject_id, before))
    return _bite(Outbox, settled, ~visit)


def _old_events(before: datetime) -> Executable:
    return _bite(BookingEvent, BookingEvent.at < before, ~_visit_since(BookingEvent.booking_id, before))


def _old_dead_commands(before: datetime) -> Executable:
    return _bite(DeadCommand, DeadCommand.died_at < before)


def _bite(table: Any, *which: ColumnElement[bool]) -> Executable:  # noqa: ANN401 - any table with an id
    own = table.business_id == BUSINESS_ID
    chosen = select(table.id).where(own, *which).order_by(table.id).limit(BATCH).scalar_subquery()
    return delete(table).where(own, table.id.in_(chosen)).returning(table.id)


def _visit_since(booking_id: Any, before: datetime) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    visit = and_(Booking.business_id == BUSINESS_ID, Booking.id == booking_id)
    return exists().where(visit, func.upper(Booking.during) >= before)


async def _forget_people(sessions: Sessions, before: datetime) -> int:
    total = 0
    while True:
        async with sessions.begin() as session:
            chosen = await _lock_quiet_people(session, before)
            total += await _forget_each(session, chosen, before)
        if len(chosen) < BATCH:
            return total


def _quiet(before: datetime) -> ColumnElement[bool]:
    """Select people without a visit or a message since, who do not work here."""
    visits = exists().where(_of_person(Booking, Booking.customer_id), func.upper(Booking.during) >= before)
    awaits = exists().where(
        _of_person(Outbox, Outbox.chat_id), or_(Outbox.state == State.PENDING, Outbox.created_at >= before)
    )
    works = or_(
        exists().where(_of_person(Specialist, Specialist.telegram_id)),
        exists().where(_of_person(RoleGrant, RoleGrant.person_id)),
    )
    return and_(Person.id > NOBODY, Person.created_at < before, ~visits, ~awaits, ~works)


def _of_person(table: type[BusinessColumn], person_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return and_(table.business_id == Person.business_id, person_id == Person.id)


async def _lock_quiet_people(session: AsyncSession, before: datetime) -> Sequence[int]:
    """Choose people and keep them from booking for the moment; who is just booking is left out."""
    if not await lock(session):
        return []
    own = Person.business_id == scope(session)
    quiet = select(Person.id).where(own, _quiet(before)).order_by(Person.id).limit(BATCH)
    return (await session.scalars(quiet.with_for_update(skip_locked=True))).all()


async def _forget_each(session: AsyncSession, chosen: Sequence[int], before: datetime) -> int:
    if not chosen:
        return 0
    # Asked again now that they are locked: someone may have booked between the question and the lock.
    own = Person.business_id == scope(session)
    asked = select(Person.id).where(own, Person.id.in_(chosen), _quiet(before))
    still = (await session.scalars(asked)).all()
    nobody = {"business_id": scope(session), "id": NOBODY, "first_name": NOBODYS_NAME, "reachable": False}
    await session.execute(insert(Person).values(nobody).on_conflict_do_nothing())
    await session.execute(
        update(BookingEvent)
        .where(BookingEvent.business_id == scope(session), BookingEvent.actor_id.in_(still))
        .values(actor_id=NOBODY)
    )
    await session.execute(
        update(Booking)
        .where(Booking.business_id == scope(session), Booking.customer_id.in_(still))
        .values(customer_id=NOBODY, card_message_id=None, card_copies=None, calendar_message_id=None)
    )
    await session.execute(delete(Person).where(own, Person.id.in_(still)))
    return len(still)
