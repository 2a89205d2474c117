"""The promise that a message which showed a visit to staff says how it stands now."""

from typing import Final

from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext
from worker.visits.promises import about

STAFF_CARD: Final = "staff.card"


def promise_card_in(context: RequestContext, booking_id: int, message_id: int) -> None:
    """Promise whoever asks that an earlier message of theirs becomes the visit's card as it stands."""
    context.enqueue(
        OutboxMessage(
            kind=STAFF_CARD,
            destination=Chat(context.user.id),
            key=f"staff_card:{booking_id}:{context.envelope.update_id}:{message_id}",
            subject=about(booking_id),
            payload={"message_id": message_id},
        )
    )
