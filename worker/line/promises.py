"""What the staff's dealings with the line promise."""

from typing import Final

from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext
from worker.wishes.repository import Wish

REMOVED: Final = "line.removed"


def of_removal(context: RequestContext, wish: Wish, word: str) -> None:
    """Promise that a customer reads that they do not wait any more, and the word why, if there is one."""
    context.enqueue(
        OutboxMessage(
            kind=REMOVED,
            destination=Chat(wish.customer_id),
            key=f"removed:{wish.id}",
            payload={"entry_id": wish.id, "word": word},
        )
    )
