"""What is written to a booking beside its time, which is the business of `worker.booking.placement`."""

from datetime import datetime
from typing import Final

from sqlalchemy import exists, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.booking.details import Details
from worker.db.models.booking import Booking, BookingEvent, Status

UNREACHABLE = "unreachable"


async def cancel(session: AsyncSession, details: Details) -> None:
    """End a visit; its time is free again with this transaction's commit."""
    await session.execute(
        update(Booking)
        .where(Booking.id == details.id, Booking.version == details.version)
        .values(status=Status.CANCELLED, version=Booking.version + 1)
    )


async def attend(session: AsyncSession, booking_id: int, now: datetime) -> None:
    """Note that the customer will be there."""
    await session.execute(update(Booking).where(Booking.id == booking_id).values(attending_at=now))


async def is_current(session: AsyncSession, booking_id: int, version: int) -> bool:
    """Tell whether a version is the latest; who is just changing the booking is waited for."""
    statement = select(Booking.version).where(Booking.id == booking_id).with_for_update(read=True)
    return await session.scalar(statement) == version


async def note_unreachable(session: AsyncSession, booking_id: int, now: datetime) -> None:
    """Note once on a booking that its customer could not be told."""
    known = exists().where(BookingEvent.booking_id == booking_id, BookingEvent.kind == UNREACHABLE)
    event = select(
        literal(booking_id), literal(UNREACHABLE), literal("delivery"), literal(now, BookingEvent.at.type)
    ).where(~known)
    await session.execute(insert(BookingEvent).from_select(["booking_id", "kind", "source", "at"], event))


# Built once: each booking that is made runs it.
_NOTE_CALENDAR: Final = text("UPDATE booking SET calendar_message_id = :message_id WHERE id = :booking_id")


async def note_calendar(session: AsyncSession, booking_id: int, message_id: int) -> None:
    """Note which message carries the calendar file."""
    await session.execute(_NOTE_CALENDAR, {"booking_id": booking_id, "message_id": message_id})
