"""Wishes to be earlier that have ended with their visit, and what was just offered of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking, Status
from worker.db.models.waitlist import WaitlistEntry
from worker.db.scope import scope
from worker.offers.repository import HeldOffer, load_open_offers

CANCELLED: Final = "cancelled"


async def load_left_offers(session: AsyncSession, booking_id: int) -> Sequence[HeldOffer]:
    """Load, locked, what is still offered in the place of a visit that wants to be earlier no more."""
    own = WaitlistEntry.business_id == scope(session)
    over = or_(WaitlistEntry.ended_at.is_not(None), ~_stands(session, booking_id))
    entries = await session.scalars(
        select(WaitlistEntry.id).where(own, WaitlistEntry.booking_id == booking_id, over)
    )
    return await load_open_offers(session, entries.all())


async def end_of_cancelled(session: AsyncSession, booking_id: int, now: datetime) -> None:
    """Note that a wish to be earlier has ended with its visit."""
    own = WaitlistEntry.business_id == scope(session)
    stands = (WaitlistEntry.booking_id == booking_id, WaitlistEntry.ended_at.is_(None))
    ended = update(WaitlistEntry).where(own, *stands, ~_stands(session, booking_id))
    await session.execute(ended.values(ended_at=now, outcome=CANCELLED))


def _stands(session: AsyncSession, booking_id: int) -> ColumnElement[bool]:
    confirmed = (Booking.id == booking_id, Booking.status == Status.CONFIRMED)
    return exists().where(Booking.business_id == scope(session), *confirmed)


async def load_standing_wish(session: AsyncSession, booking_id: int) -> int | None:
    """Return the number of a visit's wish to be earlier; None where it has none."""
    own = WaitlistEntry.business_id == scope(session)
    stands = (WaitlistEntry.booking_id == booking_id, WaitlistEntry.ended_at.is_(None))
    return await session.scalar(select(WaitlistEntry.id).where(own, *stands))
