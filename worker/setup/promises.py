"""The promise of the link to a shop that has just opened."""

from typing import Final

from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext

SHOP_LINK: Final = "setup.link"


def promise_link(context: RequestContext) -> None:
    """Promise who opened the shop the link by which customers find it."""
    person = context.user.id
    context.enqueue(OutboxMessage(kind=SHOP_LINK, destination=Chat(person), key=f"shop_link:{person}"))
