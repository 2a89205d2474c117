"""The messages that show a booking: the newest few follow every change, older ones say so and end.

They show its card, or a reminder of it, which becomes the card with the first change. A message shows one
thing: a booking, or something else. Whoever leaves it by one of its buttons, or gets another booking's card
in its place, takes the message off the list, so that it is not written over.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from worker.booking import repository
from worker.booking.repository import Copy
from worker.db.models.delivery import Outbox
from worker.outbox import repository as outbox

MOST = 5
"""So many follow a change: with the file, what one change sends stays within a chat's burst."""
RETIRE = "booking.retire_card"


async def note(session: AsyncSession, customer_id: int, copy: Copy, now: datetime) -> bool:
    """Note that a message shows a booking; what is one too many is promised its end.

    False where there is a later version than it shows.
    """
    shown = await repository.note_card(session, customer_id, copy)
    if shown is None:
        return True
    too_many, newest = shown.copies[:-MOST], shown.copies[-MOST:]
    if too_many:
        await repository.keep_copies(session, copy.booking_id, newest)
    for message_id in too_many:
        await outbox.add(session, _end_of(customer_id, copy, message_id, now))
    return copy.version in {None, shown.version}


def _end_of(customer_id: int, newer: Copy, message_id: int, now: datetime) -> Outbox:
    return Outbox(
        kind=RETIRE,
        chat_id=customer_id,
        booking_id=newer.booking_id,
        payload={"message_id": message_id},
        dedupe_key=f"retire:{newer.booking_id}:{message_id}:{newer.message_id}",
        due_at=now,
    )
