"""The outbox table: claimed with SKIP LOCKED, settled by guarded updates."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.models.delivery import Outbox, State

CLAIM = timedelta(seconds=15)
"""How long a sweep has the rows it claimed to itself."""


async def claim_due(session: AsyncSession, now: datetime, limit: int) -> list[Outbox]:
    """Claim rows that are due, oldest first; other replicas' claims are skipped, not waited for."""
    due = (
        select(Outbox.id)
        .where(Outbox.state == State.PENDING, Outbox.due_at <= now)
        .order_by(Outbox.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    statement = (
        update(Outbox)
        .where(Outbox.id == due.c.id)
        .values(due_at=now + CLAIM, attempts=Outbox.attempts + 1)
        .returning(Outbox)
    )
    rows = (await session.scalars(statement)).all()
    return sorted(rows, key=lambda row: row.id)


async def next_due(session: AsyncSession) -> datetime | None:
    """Return when the next pending row becomes due."""
    statement = select(func.min(Outbox.due_at)).where(Outbox.state == State.PENDING)
    return await session.scalar(statement)


async def mark_sent(session: AsyncSession, row_id: int, now: datetime, message_id: int | None) -> None:
    """Note that Telegram has it."""
    await _settle(session, row_id, state=State.SENT, sent_at=now, message_id=message_id, last_error=None)


async def close(session: AsyncSession, row_id: int, state: State, reason: str | None = None) -> None:
    """End a row that will not be sent."""
    await _settle(session, row_id, state=state, last_error=reason)


async def postpone(session: AsyncSession, row_id: int, until: datetime, reason: str) -> None:
    """Give a row back: it is due again at `until`."""
    await _settle(session, row_id, due_at=until, last_error=reason)


async def void_for_booking(session: AsyncSession, booking_id: int, kind: str) -> None:
    """Take back what is still promised of one kind about a booking."""
    await session.execute(
        update(Outbox)
        .where(Outbox.booking_id == booking_id, Outbox.kind == kind, Outbox.state == State.PENDING)
        .values(state=State.VOID)
    )


async def _settle(session: AsyncSession, row_id: int, **values: object) -> None:
    await session.execute(
        update(Outbox).where(Outbox.id == row_id, Outbox.state == State.PENDING).values(**values)
    )
