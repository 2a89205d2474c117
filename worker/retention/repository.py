"""Rows that no capability owns, removed when they are past their use."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from worker.db import locks
from worker.db.engine import fetch
from worker.db.models.booking import Booking, Status
from worker.db.models.delivery import DeadCommand, Outbox, ProcessedUpdate, State, SubjectType
from worker.db.models.flows import Draft, OpenConversation
from worker.db.scope import BUSINESS_ID, scope
from worker.retention.purge import Purge


async def lock(session: AsyncSession) -> bool:
    """Lock the business for a batch: of several replicas one forgets, and the others have nothing to do."""
    locking = select(func.pg_try_advisory_xact_lock(locks.RETENTION, scope(session)))
    return bool(await session.scalar(locking))


async def remove(
    session: AsyncSession, key: InstrumentedAttribute[int], limit: int, *which: ColumnElement[bool]
) -> int:
    """Remove at most `limit` rows of a business's table, in the order of their key; return how many."""
    table: Any = key.class_
    own = table.business_id == BUSINESS_ID
    chosen = select(key).where(own, *which).order_by(key).limit(limit).scalar_subquery()
    return len(await fetch(session, delete(table).where(own, key.in_(chosen)).returning(key), {}))


def visit_since(
    booking_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], before: datetime
) -> ColumnElement[bool]:
    """Tell a row about a visit that ended later, or is still to come."""
    visit = and_(Booking.business_id == BUSINESS_ID, Booking.id == booking_id)
    return exists().where(visit, func.upper(Booking.during) >= before)


async def remove_updates(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove the numbers of updates, of whichever bot."""
    key = (ProcessedUpdate.bot_id, ProcessedUpdate.update_id)
    old = select(*key).where(ProcessedUpdate.at < before).order_by(ProcessedUpdate.at).limit(limit).subquery()
    mine = and_(ProcessedUpdate.bot_id == old.c.bot_id, ProcessedUpdate.update_id == old.c.update_id)
    statement = delete(ProcessedUpdate).where(mine).returning(ProcessedUpdate.update_id)
    return len(await fetch(session, statement, {}))


async def remove_messages(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove messages that are settled, and about no visit that is still to come or just over."""
    settled = and_(Outbox.state != State.PENDING, func.coalesce(Outbox.sent_at, Outbox.created_at) < before)
    visit = and_(Outbox.subject_type == SubjectType.BOOKING, visit_since(Outbox.subject_id, before))
    return await remove(session, Outbox.id, limit, settled, ~visit)


async def remove_dead_commands(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove dead letters."""
    return await remove(session, DeadCommand.id, limit, DeadCommand.died_at < before)


async def remove_drafts(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove drafts that are over."""
    return await remove(session, Draft.id, limit, Draft.expires_at < before)


async def remove_questions(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove questions that nobody answered in time."""
    return await remove(session, OpenConversation.person_id, limit, OpenConversation.expires_at < before)


async def remove_holds(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove holds that are over: they keep no time since then, and nobody saw them as visits."""
    over = (Booking.status == Status.HELD, Booking.kept_until < before)
    return await remove(session, Booking.id, limit, *over)


PURGES: Final = (
    # Telegram repeats no update after a day, and the queue none after two.
    Purge("updates", remove_updates, keep=timedelta(days=7)),
    Purge("drafts", remove_drafts, keep=timedelta()),
    Purge("holds", remove_holds, keep=timedelta()),
    # Until then a timer ends the question, and has its message say so.
    Purge("questions", remove_questions, keep=timedelta(days=1)),
    Purge("messages", remove_messages),
    Purge("dead_commands", remove_dead_commands),
)
"""What no capability owns."""
