"""The promise of the link to a shop, or to something of it."""

from typing import Any, Final

from shared.contracts.booking import AddedServices
from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext

SHOP_LINK: Final = "setup.link"


def promise_link(
    context: RequestContext,
    specialist_id: int | None = None,
    service_id: int | None = None,
    added: AddedServices | None = None,
) -> None:
    """Promise the person the link by which customers find the shop, services of it or a specialist."""
    person = context.user.id
    key = f"shop_link:{person}:{context.envelope.update_id}"
    named = {"specialist_id": specialist_id, "service_id": service_id}
    payload: dict[str, Any] = {name: number for name, number in named.items() if number is not None}
    if added is not None:
        payload["added"] = list(added.ids)
    context.enqueue(OutboxMessage(kind=SHOP_LINK, destination=Chat(person), key=key, payload=payload))
