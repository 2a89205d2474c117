"""What an answer to a reminder promises."""

from typing import Final

from worker.runtime.context import RequestContext
from worker.visits.promises import to_customer
from worker.visits.repository import Visit

ATTENDING: Final = "booking.attending"


def promise_attending(context: RequestContext, visit: Visit) -> None:
    """Promise that the reminder they tapped becomes a calm 'See you then'."""
    payload = {"message_id": context.envelope.reply_to.message_id, "version": visit.version}
    context.enqueue(to_customer(ATTENDING, visit, f"attending:{visit.id}:{visit.version}", payload))
