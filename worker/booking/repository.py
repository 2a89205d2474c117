"""What is written to a booking beside its time, which is the business of `worker.booking.placement`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam, exists, func, insert, literal, select, text, update
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


async def leave_card(session: AsyncSession, customer_id: int, message_id: int) -> None:
    """Note that a message shows no card of this customer's any more."""
    await session.execute(
        update(Booking)
        .where(Booking.customer_id == customer_id, Booking.card_copies.contains([message_id]))
        .values(card_copies=func.array_remove(Booking.card_copies, message_id))
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Copy:
    """A message that shows a booking: its card, or a reminder of it."""

    booking_id: int
    message_id: int
    version: int | None = None
    """What it shows, where that may be overtaken by now."""
    confirms: bool = False
    """Whether it is where that version was confirmed."""


# One statement, for each booking that is made runs it: the message joins the booking's list and leaves
# those of the customer's others. Who is just changing the booking is waited for.
_NOTE_CARD: Final = text(
    """
    UPDATE booking SET
      card_copies = CASE WHEN id = :booking_id THEN array_append(
        array_remove(coalesce(card_copies, array_remove(ARRAY[card_message_id], NULL)), :message_id),
        :message_id
      ) ELSE array_remove(card_copies, :message_id) END,
      card_message_id = CASE WHEN id = :booking_id AND version = :confirmed THEN :message_id
        ELSE card_message_id END
    WHERE id = :booking_id OR (customer_id = :customer_id AND card_copies @> ARRAY[:message_id])
    RETURNING id, version, card_copies
    """
).bindparams(
    *(bindparam(name, type_=BigInteger) for name in ("booking_id", "message_id", "customer_id", "confirmed"))
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A booking's version, and the messages that show it, the newest last."""

    version: int
    copies: list[int]


async def note_card(session: AsyncSession, customer_id: int, copy: Copy) -> Shown | None:
    """Note that a message shows a booking, and no other one; None where there is no such booking."""
    rows = await session.execute(
        _NOTE_CARD,
        {
            "booking_id": copy.booking_id,
            "message_id": copy.message_id,
            "customer_id": customer_id,
            "confirmed": copy.version if copy.confirms else None,
        },
    )
    return next((Shown(row.version, row.card_copies) for row in rows if row.id == copy.booking_id), None)


async def keep_copies(session: AsyncSession, booking_id: int, copies: list[int]) -> None:
    """Note that only these messages show it."""
    await session.execute(update(Booking).where(Booking.id == booking_id).values(card_copies=copies))
