"""What the end of a request promises: the word to its customer, with other times."""

from typing import Final

from worker.notices import news
from worker.runtime.context import RequestContext
from worker.visits.freed import freed
from worker.visits.promises import lapsing, promise_copies, to_customer
from worker.visits.repository import Visit

ANSWER: Final = "approval.answer"


async def of_decline(context: RequestContext, declined: Visit, word: str) -> None:
    """Promise that the customer reads it, and that nothing of the request is left."""
    context.note(declined.id, "declined")
    _end(context, declined, word)
    await news.tell_declined(context, declined)


async def of_lapse(context: RequestContext, lapsed: Visit) -> None:
    """Promise that the customer reads that nobody answered, and those who did not that it is over."""
    context.note(lapsed.id, "lapsed")
    _end(context, lapsed, None)
    await news.tell_lapsed(context, lapsed)


def _end(context: RequestContext, ended: Visit, word: str | None) -> None:
    context.cancel_timer(lapsing(ended.id))
    freed(context, ended)
    promise_copies(context, ended)
    context.enqueue(to_customer(ANSWER, ended, f"answer:{ended.id}", {"word": word}))
