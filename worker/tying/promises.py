"""What is promised when a customer gets a link, and once they have used it."""

from collections.abc import Sequence
from typing import Final

from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext
from worker.visits import promises
from worker.visits.repository import Visit

LINK: Final = "tying.link"


def promise_link(context: RequestContext, customer_id: int) -> None:
    """Promise staff the link of a customer without Telegram."""
    payload = {"customer": customer_id}
    key = f"customer_link:{customer_id}:{context.envelope.update_id}"
    context.enqueue(OutboxMessage(kind=LINK, destination=Chat(context.user.id), key=key, payload=payload))


def promise_visits(context: RequestContext, visits: Sequence[Visit]) -> None:
    """Promise a customer what nobody could send them until now: cards, calendar files and reminders."""
    for visit in visits:
        context.note(visit.id, "tied")
        context.enqueue(promises.card_of(visit))
        promises.promise_calendar(context, visit)
        promises.promise_reminders(context, visit)
