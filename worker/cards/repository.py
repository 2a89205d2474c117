"""Which messages show a booking: kept with the booking's row."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, bindparam, column, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import Booking
from worker.db.scope import scope


@dataclass(frozen=True, slots=True)
class Card:
    """A message that shows a booking: its card, or a reminder of it."""

    booking_id: int
    message_id: int
    version: int | None = None
    """What it shows, where that may be overtaken by now."""
    confirms: bool = False
    """Whether it is where that version was confirmed."""


@dataclass(frozen=True, slots=True)
class Cards:
    """A booking's version, and the messages that show it, the newest last."""

    version: int
    message_ids: list[int]


# One statement, for each booking that is made runs it: the message joins the booking's list and leaves
# those of the customer's others. Who is just changing the booking is waited for.
_NOTE: Final = (
    text(
        """
    UPDATE booking SET
      card_copies = CASE WHEN id = :booking_id THEN array_append(
        array_remove(coalesce(card_copies, array_remove(ARRAY[card_message_id], NULL)), :message_id),
        :message_id
      ) ELSE array_remove(card_copies, :message_id) END,
      card_message_id = CASE WHEN id = :booking_id AND version = :confirmed THEN :message_id
        ELSE card_message_id END
    WHERE business_id = :business
      AND (id = :booking_id OR (customer_id = :customer_id AND card_copies @> ARRAY[:message_id]))
    RETURNING id, version, card_copies
    """
    )
    .bindparams(
        *(
            bindparam(name, type_=BigInteger)
            for name in ("booking_id", "message_id", "customer_id", "confirmed")
        )
    )
    .columns(column("id"), column("version"), column("card_copies"))
)


async def note_card(session: AsyncSession, customer_id: int, card: Card) -> Cards | None:
    """Note that a message shows a booking, and no other one; None where there is no such booking."""
    rows = await fetch(
        session,
        _NOTE,
        {
            "booking_id": card.booking_id,
            "message_id": card.message_id,
            "customer_id": customer_id,
            "confirmed": card.version if card.confirms else None,
        },
    )
    return next((Cards(row.version, row.card_copies) for row in rows if row.id == card.booking_id), None)


async def leave_card(session: AsyncSession, customer_id: int, message_id: int) -> None:
    """Note that a message shows no booking of this customer's any more."""
    await session.execute(
        update(Booking)
        .where(
            Booking.business_id == scope(session),
            Booking.customer_id == customer_id,
            Booking.card_copies.contains([message_id]),
        )
        .values(card_copies=func.array_remove(Booking.card_copies, message_id))
        .execution_options(synchronize_session=False)
    )


async def keep_cards(session: AsyncSession, booking_id: int, message_ids: list[int]) -> None:
    """Note that only these messages show it."""
    await session.execute(
        update(Booking)
        .where(Booking.business_id == scope(session), Booking.id == booking_id)
        .values(card_copies=message_ids)
    )


async def is_current(session: AsyncSession, booking_id: int, version: int) -> bool:
    """Tell whether a version is the latest; who is just changing the booking is waited for."""
    own = (Booking.business_id == scope(session), Booking.id == booking_id)
    statement = select(Booking.version).where(*own).with_for_update(read=True)
    return await session.scalar(statement) == version
