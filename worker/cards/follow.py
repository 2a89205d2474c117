"""The messages that show a booking: the newest few follow every change, older ones say so and end.

They show its card, or a reminder of it, which becomes the card with the first change. A message shows one
thing: a booking, or something else. Whoever leaves it by one of its buttons, or gets another booking's card
in its place, takes the message off the list, so that it is not written over.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from worker.cards.repository import Card, keep_cards, note_card
from worker.db.models.delivery import SubjectType
from worker.outbox import writer
from worker.outbox.message import Chat, OutboxMessage, Subject

MOST: Final = 5
"""So many follow a change: with the file, what one change sends stays within a chat's burst."""
RETIRE: Final = "booking.retire_card"


async def note(session: AsyncSession, customer_id: int, card: Card, now: datetime) -> bool:
    """Note that a message shows a booking; what is one too many is promised its end.

    False where there is a later version than it shows.
    """
    cards = await note_card(session, customer_id, card)
    if cards is None:
        return True
    too_many, newest = cards.message_ids[:-MOST], cards.message_ids[-MOST:]
    if too_many:
        await keep_cards(session, card.booking_id, newest)
        await writer.enqueue(session, [_end_of(customer_id, card, each) for each in too_many], now)
    return card.version in {None, cards.version}


def _end_of(customer_id: int, newer: Card, message_id: int) -> OutboxMessage:
    return OutboxMessage(
        kind=RETIRE,
        destination=Chat(customer_id),
        key=f"retire:{newer.booking_id}:{message_id}:{newer.message_id}",
        subject=Subject(SubjectType.BOOKING, newer.booking_id),
        payload={"message_id": message_id},
    )
