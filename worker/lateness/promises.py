"""What is promised where a customer runs late."""

from worker.notices import news
from worker.runtime.context import RequestContext
from worker.visits.promises import promise_anew
from worker.visits.repository import Visit


async def of_lateness(context: RequestContext, visit: Visit) -> None:
    """Promise that whoever waits hears that the customer will be late, and that every card says so."""
    await news.tell_late(context, visit, context.envelope.update_id)
    promise_anew(context, visit, shown_in=context.tapped_message_id)
