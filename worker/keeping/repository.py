"""Times that are kept: a hold or a request becomes a visit, or lets its time go, as a visit may."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, DateTime, Delete, delete, exists, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.db.engine import fetch
from worker.db.models.booking import Booking, KeptFor, Status
from worker.db.scope import scope
from worker.parts.repository import set_aside
from worker.visits.repository import FROM_BOOKING, SELECTED, Visit, is_booking, typed, visit_of

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
_AGREED: Final = """
    UPDATE booking SET awaits = 'payment', kept_until = :until, version = version + 1
    WHERE booking.business_id = :business AND booking.id = :id AND status = 'pending'
        AND kept_until > :now RETURNING booking.*
"""
_AGREE: Final = typed(
    f"WITH booking AS ({_AGREED}) SELECT {SELECTED} {FROM_BOOKING}",
    id=BigInteger,
    now=_INSTANT,
    until=_INSTANT,
)
_HELD: Final = typed(
    f"SELECT {SELECTED} {FROM_BOOKING} WHERE booking.business_id = :business AND booking.id = :id"
    " AND (booking.status = 'held' OR booking.status = 'pending' AND booking.awaits = 'payment')"
    " AND booking.kept_until > :now FOR UPDATE OF booking",
    id=BigInteger,
    now=_INSTANT,
)

_HOLD: Final = typed(
    f"SELECT {SELECTED} {FROM_BOOKING} WHERE booking.business_id = :business AND booking.id = :id"
    " AND booking.status = 'held' FOR UPDATE OF booking",
    id=BigInteger,
)
_GONE: Final = """
    DELETE FROM booking WHERE booking.business_id = :business AND booking.id = :id
        AND booking.status = 'held' RETURNING booking.*
"""
_LET_GO: Final = typed(f"WITH booking AS ({_GONE}) SELECT {SELECTED} {FROM_BOOKING}", id=BigInteger)


async def confirm(session: AsyncSession, booking_id: int, now: datetime) -> Visit | None:
    """Make a visit of a hold or a request: it has its time already. None where that is over or gone.

    Its parts are left to the caller, and are not read. Whose it is, and whether their limits let them have
    it, is for the caller to ask.
    """
    rows = await fetch(session, _CONFIRM, {"id": booking_id, "now": now})
    return visit_of(rows[0]) if rows else None


async def await_payment(
    session: AsyncSession, booking_id: int, until: datetime, now: datetime
) -> Visit | None:
    """Keep the time of a request until its deposit is paid; None where it is over or gone."""
    rows = await fetch(session, _AGREE, {"id": booking_id, "until": until, "now": now})
    return visit_of(rows[0]) if rows else None


async def load_held(session: AsyncSession, booking_id: int, now: datetime) -> Visit | None:
    """Load what is held, or agreed on and to be paid for, and keep it so until this transaction ends.

    None where that is over or gone.
    """
    rows = await fetch(session, _HELD, {"id": booking_id, "now": now})
    return visit_of(rows[0]) if rows else None


async def load_hold(session: AsyncSession, booking_id: int) -> Visit | None:
    """Load a hold with its parts, over or not; nobody else changes it before this transaction ends."""
    rows = await fetch(session, _HOLD, {"id": booking_id})
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


def ended(visit: Visit) -> Visit:
    """Return a visit as it is once it is cancelled; it still says for whom it waited."""
    return replace(visit, version=visit.version + 1, status=Status.CANCELLED, kept_until=None)


async def cancel(session: AsyncSession, visit: Visit) -> None:
    """End a visit with its parts; its time is free again with this transaction's commit."""
    await session.execute(
        update(Booking)
        .where(is_booking(session, visit.id), Booking.version == visit.version)
        .values(status=Status.CANCELLED, version=Booking.version + 1, kept_until=None, awaits=None)
    )
    if visit.parts:
        await set_aside(session, visit.id)


async def let_go(session: AsyncSession, booking_id: int) -> Visit | None:
    """Delete a hold, over or not; return it as it was, None where there is none."""
    rows = await fetch(session, _LET_GO, {"id": booking_id})
    return visit_of(rows[0]) if rows else None


async def release(session: AsyncSession, booking_ids: Collection[int]) -> None:
    """Let times go that are held: their rows are deleted. What is no hold stays."""
    await session.execute(_holds(session).where(Booking.id.in_(booking_ids)))


async def keep_for_nobody(session: AsyncSession, booking_id: int) -> None:
    """Have a hold be nobody's: its time stays kept, for whoever comes next."""
    own = update(Booking).where(is_booking(session, booking_id), Booking.status == Status.HELD)
    await session.execute(own.values(customer_id=NOBODY))


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
