"""Times that are kept for somebody: a hold or a request becomes a visit, or lets its time go."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, DateTime, Delete, delete, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import Booking, KeptFor, Status
from worker.db.scope import scope
from worker.visits.repository import FROM_BOOKING, SELECTED, Visit, typed, visit_of

_INSTANT: Final = DateTime(timezone=True)
_CONFIRMED: Final = """
    UPDATE booking SET status = 'confirmed', kept_until = NULL, kept_for = NULL, awaits = NULL,
        version = version + 1
    WHERE booking.business_id = :business AND booking.id = :id AND status IN ('held', 'pending')
        AND kept_until > :now RETURNING booking.*
"""
_CONFIRM: Final = typed(
    f"WITH booking AS ({_CONFIRMED}) SELECT {SELECTED} {FROM_BOOKING}", id=BigInteger, now=_INSTANT
)
_HELD: Final = typed(
    f"SELECT {SELECTED} {FROM_BOOKING} WHERE booking.business_id = :business AND booking.id = :id"
    " AND booking.status = 'held' AND booking.kept_until > :now FOR UPDATE OF booking",
    id=BigInteger,
    now=_INSTANT,
)

_GONE: Final = """
    DELETE FROM booking WHERE booking.business_id = :business AND booking.id = :id
        AND booking.status = 'held' RETURNING booking.*
"""
_LET_GO: Final = typed(f"WITH booking AS ({_GONE}) SELECT {SELECTED} {FROM_BOOKING}", id=BigInteger)


async def confirm(session: AsyncSession, booking_id: int, now: datetime) -> Visit | None:
    """Make a visit of a hold or a request: it has its time already. None where that is over or gone.

    Whose it is, and whether their limits let them have it, is for the caller to ask.
    """
    rows = await fetch(session, _CONFIRM, {"id": booking_id, "now": now})
    return visit_of(rows[0]) if rows else None


async def load_held(session: AsyncSession, booking_id: int, now: datetime) -> Visit | None:
    """Load what is held, and keep it so until this transaction ends; None where the hold is over or gone."""
    rows = await fetch(session, _HELD, {"id": booking_id, "now": now})
    return visit_of(rows[0]) if rows else None


async def is_held(
    session: AsyncSession, specialists: Collection[int], start: datetime, now: datetime
) -> bool:
    """Tell whether one of the specialists is held for somebody who looks at a summary at that moment."""
    held = exists().where(
        Booking.business_id == scope(session),
        Booking.status == Status.HELD,
        Booking.kept_for == KeptFor.SUMMARY,
        Booking.kept_until > now,
        Booking.specialist_id.in_(specialists),
        Booking.busy.contains(literal(start, _INSTANT)),
    )
    return bool(await session.scalar(select(held)))


async def let_go(session: AsyncSession, booking_id: int) -> Visit | None:
    """Delete a hold, over or not; return it as it was, None where there is none."""
    rows = await fetch(session, _LET_GO, {"id": booking_id})
    return visit_of(rows[0]) if rows else None


async def release(session: AsyncSession, booking_ids: Collection[int]) -> None:
    """Let times go that are held: their rows are deleted. What is no hold stays."""
    await session.execute(_holds(session).where(Booking.id.in_(booking_ids)))


async def release_seen(
    session: AsyncSession, customer_id: int | None = None, service_id: int | None = None
) -> None:
    """Let go what is held because somebody looks at a summary: one customer, or all; one service, or all."""
    releasing = _holds(session).where(Booking.kept_for == KeptFor.SUMMARY)
    if customer_id is not None:
        releasing = releasing.where(Booking.customer_id == customer_id)
    if service_id is not None:
        releasing = releasing.where(Booking.service_id == service_id)
    await session.execute(releasing)


def _holds(session: AsyncSession) -> Delete:
    return delete(Booking).where(Booking.business_id == scope(session), Booking.status == Status.HELD)
