"""The messages that show a booking's card: the newest few follow every change, older ones say so and end.

A message shows one thing: a booking's card, or something else. Whoever leaves a card by one of its buttons,
or gets another booking's card in its place, takes the message off the list, so that it is not written over.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam, func, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.models.booking import Booking
from shared.models.delivery import Outbox
from worker.delivery import outbox

MOST = 5
"""So many follow a change: with the file, what one change sends stays within a chat's burst."""
RETIRE = "booking.retire_card"


async def leave(session: AsyncSession, customer_id: int, message_id: int) -> None:
    """Note that a message shows no card of this customer's any more."""
    await session.execute(
        update(Booking)
        .where(Booking.customer_id == customer_id, Booking.card_copies.contains([message_id]))
        .values(card_copies=func.array_remove(Booking.card_copies, message_id))
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Copy:
    """A message that shows a booking's card; with a version, it is where that one was confirmed."""

    booking_id: int
    version: int | None
    message_id: int


# One statement, for each booking that is made runs it: the message joins the booking's list and leaves
# those of the customer's others. Who is just changing the booking is waited for.
_NOTE: Final = text(
    """
    UPDATE booking SET
      card_copies = CASE WHEN id = :booking_id THEN array_append(
        array_remove(coalesce(card_copies, array_remove(ARRAY[card_message_id], NULL)), :message_id),
        :message_id
      ) ELSE array_remove(card_copies, :message_id) END,
      card_message_id = CASE WHEN id = :booking_id AND version = :version THEN :message_id
        ELSE card_message_id END
    WHERE id = :booking_id OR (customer_id = :customer_id AND card_copies @> ARRAY[:message_id])
    RETURNING id, version, card_copies
    """
).bindparams(
    *(bindparam(name, type_=BigInteger) for name in ("booking_id", "message_id", "customer_id", "version"))
)


async def note(session: AsyncSession, customer_id: int, shown: Copy, now: datetime) -> bool:
    """Note that a message shows a booking's card; what is one too many is promised its end.

    False where there is a later version than it shows.
    """
    rows = await session.execute(
        _NOTE,
        {
            "booking_id": shown.booking_id,
            "message_id": shown.message_id,
            "customer_id": customer_id,
            "version": shown.version,
        },
    )
    found = next((row for row in rows if row.id == shown.booking_id), None)
    if found is None:
        return True
    if len(found.card_copies) > MOST:
        await _retire(session, customer_id, shown, found.card_copies, now)
    return shown.version in {None, found.version}


async def _retire(
    session: AsyncSession, customer_id: int, shown: Copy, all_copies: list[int], now: datetime
) -> None:
    await session.execute(
        update(Booking).where(Booking.id == shown.booking_id).values(card_copies=all_copies[-MOST:])
    )
    for retired in all_copies[:-MOST]:
        await outbox.add(session, _end_of(customer_id, shown.booking_id, retired, shown.message_id, now))


def _end_of(customer_id: int, booking_id: int, retired: int, newer: int, now: datetime) -> Outbox:
    return Outbox(
        kind=RETIRE,
        chat_id=customer_id,
        booking_id=booking_id,
        payload={"message_id": retired},
        dedupe_key=f"retire:{booking_id}:{retired}:{newer}",
        due_at=now,
    )
