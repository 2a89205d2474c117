"""The outbox table: claimed with SKIP LOCKED, settled by guarded updates.

A claim is `due_at` in the future and the number in `attempts`: whoever claims a row changes both, so that
an earlier claimer that comes back late sees that the row is no longer its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.delivery import Outbox, State

CLAIM = timedelta(seconds=3)
"""How long a row is its claimer's, who renews the claim for as long as it has the row in hand."""
MOST_ATTEMPTS = 30_000
"""The count starts again before its column is full."""


@dataclass(slots=True)
class Promise:
    """A row of the outbox as its claimer has it: a plain record, which costs a tenth of an ORM's object."""

    id: int
    kind: str
    chat_id: int
    booking_id: int | None
    payload: dict[str, Any]
    dedupe_key: str
    due_at: datetime
    """The end of the claim."""
    expires_at: datetime | None = None
    attempts: int = 0
    faults: int = 0
    last_error: str | None = None


PROMISE: Final = tuple(getattr(Outbox, field.name) for field in fields(Promise))
"""The columns of a promise, in its order."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours now, and when it was or will be due."""

    row: Promise
    due: datetime


def due_until(moment: datetime, limit: int) -> Select[int, datetime]:
    """Select the rows that are due until a moment and that nobody else is just claiming, oldest first."""
    return (
        select(Outbox.id, Outbox.due_at)
        .where(Outbox.state == State.PENDING, Outbox.due_at <= moment)
        .order_by(Outbox.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def first_due() -> Select[datetime]:
    """Select when the next pending row becomes due."""
    return select(func.min(Outbox.due_at)).where(Outbox.state == State.PENDING)


async def claim_due(
    session: AsyncSession, now: datetime, limit: int, ahead: timedelta = timedelta()
) -> list[Claimed]:
    """Claim rows that are due, or will be `ahead`, oldest first; other replicas' claims are skipped."""
    # Materialized: joined as a subquery it may run once a row, and lock and claim more than `limit`.
    due = due_until(now + ahead, limit).cte("due").prefix_with("MATERIALIZED")
    statement = (
        update(Outbox)
        .where(Outbox.id == due.c.id)
        .values(due_at=now + CLAIM, attempts=Outbox.attempts % MOST_ATTEMPTS + 1)
        .returning(due.c.due_at, *PROMISE)
        .execution_options(synchronize_session=False)
    )
    claimed = [Claimed(Promise(*row), due_at) for due_at, *row in await session.execute(statement)]
    return sorted(claimed, key=lambda each: (each.due, each.row.id))


async def renew(session: AsyncSession, rows: Sequence[Promise], now: datetime) -> set[int]:
    """Begin claims anew; return the ids of the rows that are still ours."""
    statement = (
        update(Outbox)
        .where(
            tuple_(Outbox.id, Outbox.attempts).in_([(row.id, row.attempts) for row in rows]),
            Outbox.state == State.PENDING,
        )
        .values(due_at=now + CLAIM)
        .returning(Outbox.id)
        .execution_options(synchronize_session=False)
    )
    return set(await session.scalars(statement))


async def is_promised_later(session: AsyncSession, row: Promise, kind: str, message_id: int) -> bool:
    """Tell whether a message has been promised to another booking after this row, for that kind of row."""
    later = select(Outbox.id).where(
        Outbox.chat_id == row.chat_id,
        Outbox.id > row.id,
        Outbox.kind == kind,
        Outbox.booking_id != row.booking_id,
        Outbox.payload["message_id"].as_integer() == message_id,
    )
    return bool(await session.scalar(select(later.exists())))


async def next_due(session: AsyncSession) -> datetime | None:
    """Return when the next pending row becomes due."""
    return await session.scalar(first_due())


# Built once: each message that is sent ends with it.
_MARK_SENT: Final = text(
    "UPDATE outbox SET state = :sent, sent_at = :now, message_id = :message_id, last_error = NULL"
    " WHERE id = :row_id AND state = :pending"
).bindparams(sent=State.SENT, pending=State.PENDING)


async def mark_sent(session: AsyncSession, row_id: int, now: datetime, message_id: int | None) -> None:
    """Note that Telegram has it, whoever may have claimed it since."""
    await session.execute(_MARK_SENT, {"row_id": row_id, "now": now, "message_id": message_id})


async def close(session: AsyncSession, row: Promise, state: State, reason: str | None = None) -> None:
    """End a row of ours that will not be sent."""
    await _settle(session, row, state=state, last_error=reason)


async def postpone(session: AsyncSession, row: Promise, until: datetime, reason: str | None) -> None:
    """Give a row of ours back: it is due again at `until`."""
    await _settle(session, row, due_at=until, last_error=reason)


async def postpone_faulty(session: AsyncSession, row: Promise, until: datetime, reason: str) -> None:
    """Give a row of ours back that failed by its own fault, and count that."""
    await _settle(session, row, due_at=until, last_error=reason, faults=row.faults + 1)


async def follow(session: AsyncSession, chat_id: int, migrated_to: int) -> None:
    """Send what is promised to a chat to the one that took its place."""
    await session.execute(
        update(Outbox)
        .where(Outbox.chat_id == chat_id, Outbox.state == State.PENDING)
        .values(chat_id=migrated_to)
    )


async def void_for_booking(session: AsyncSession, booking_id: int, kind: str) -> None:
    """Take back what is still promised of one kind about a booking."""
    await session.execute(
        update(Outbox)
        .where(Outbox.booking_id == booking_id, Outbox.kind == kind, Outbox.state == State.PENDING)
        .values(state=State.VOID)
    )


async def add(session: AsyncSession, row: Outbox) -> None:
    """Promise a message, unless just this one has been promised before."""
    values = {
        name: value
        for name in ("kind", "chat_id", "booking_id", "payload", "dedupe_key", "due_at")
        if (value := getattr(row, name)) is not None
    }
    await session.execute(insert(Outbox).values(values).on_conflict_do_nothing())


async def _settle(session: AsyncSession, row: Promise, **values: object) -> None:
    await session.execute(
        update(Outbox)
        .where(Outbox.id == row.id, Outbox.attempts == row.attempts, Outbox.state == State.PENDING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
