"""The promise of the link to a shop, or to one of its specialists."""

from typing import Final

from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext

SHOP_LINK: Final = "setup.link"


def promise_link(context: RequestContext, specialist_id: int | None = None) -> None:
    """Promise the person the link by which customers find the shop."""
    person = context.user.id
    key = f"shop_link:{person}:{context.envelope.update_id}"
    payload = {} if specialist_id is None else {"specialist_id": specialist_id}
    context.enqueue(OutboxMessage(kind=SHOP_LINK, destination=Chat(person), key=key, payload=payload))
