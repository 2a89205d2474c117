"""What a visit promises that has been."""

from typing import Final

from worker.runtime.context import RequestContext
from worker.visits.promises import to_customer
from worker.visits.repository import Visit

OVER: Final = "visits.over"


def of_completion(context: RequestContext, visit: Visit) -> None:
    """Promise that what shows a visit that has been says so, without a sound."""
    for message_id in reversed(visit.copies):
        key = f"over:{visit.id}:{visit.version}:{message_id}"
        context.enqueue(to_customer(OVER, visit, key, {"message_id": message_id}))
