"""The visits of a series, and what is written of all of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import BigInteger, bindparam, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.booking import Booking, BookingAnswer, Status
from worker.db.models.catalogue import Service
from worker.db.scope import scope
from worker.visits.repository import Visit

_ANSWER: Final = (BookingAnswer.place, BookingAnswer.question, BookingAnswer.type, BookingAnswer.answer)


async def load_horizon(session: AsyncSession, service_id: int) -> timedelta | None:
    """Load how far ahead a service can be booked; None where there is no such service."""
    own = (Service.business_id == scope(session), Service.id == service_id)
    minutes = await session.scalar(select(Service.horizon).where(*own))
    return None if minutes is None else timedelta(minutes=minutes)


async def cancel_all(session: AsyncSession, visits: Sequence[Visit]) -> None:
    """End visits, which this transaction has locked; their time is free again with its commit."""
    own = (Booking.business_id == scope(session), Booking.id.in_([visit.id for visit in visits]))
    ended = {"status": Status.CANCELLED, "version": Booking.version + 1, "kept_until": None}
    await session.execute(update(Booking).where(*own).values(ended))


async def join(session: AsyncSession, series_id: int, booking_ids: Sequence[int]) -> None:
    """Write which series visits are of."""
    own = (Booking.business_id == scope(session), Booking.id.in_(booking_ids))
    await session.execute(update(Booking).where(*own).values(series_id=series_id))


async def share_a_file(session: AsyncSession, visits: Sequence[Visit]) -> None:
    """Write that visits, whose own calendar files go away, are in one file from now on."""
    own = (Booking.business_id == scope(session), Booking.id.in_([visit.id for visit in visits]))
    await session.execute(update(Booking).where(*own).values(calendar_message_id=None))


async def copy_answers(session: AsyncSession, booking_id: int, booking_ids: Sequence[int]) -> None:
    """Keep with visits what was answered before the one that they repeat."""
    business = scope(session)
    to = bindparam("to", list(booking_ids), type_=ARRAY(BigInteger))
    each = select(literal(business), func.unnest(to), *_ANSWER).where(
        BookingAnswer.business_id == business, BookingAnswer.booking_id == booking_id
    )
    names = ["business_id", "booking_id", *(column.key for column in _ANSWER)]
    await session.execute(insert(BookingAnswer).from_select(names, each))
