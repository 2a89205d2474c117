"""What the end of a request promises: the word to its customer, with other times."""

from typing import Final

from worker.db.models.booking import Awaited
from worker.notices import news
from worker.outbox.message import OutboxMessage
from worker.payments.promises import of_cancelled
from worker.requests.promises import lapsing
from worker.runtime.context import RequestContext
from worker.visits.freed import freed
from worker.visits.promises import promise_card, promise_copies, to_customer
from worker.visits.repository import Visit

ANSWER: Final = "approval.answer"


async def of_decline(context: RequestContext, declined: Visit, word: str) -> None:
    """Promise that the customer reads it, and that nothing of the request is left."""
    context.note(declined.id, "declined")
    context.enqueue(_answer(declined, {"word": word}))
    await _end(context, declined)
    await news.tell_declined(context, declined)


async def of_refusal(context: RequestContext, declined: Visit) -> None:
    """Promise that those who proposed another time read that its customer does not want it."""
    context.note(declined.id, "declined")
    promise_card(context, declined)
    await _end(context, declined)
    await news.tell_refused(context, declined)


async def of_lapse(context: RequestContext, lapsed: Visit) -> None:
    """Promise that the customer reads that nobody answered, and those who did not that it is over."""
    context.note(lapsed.id, "lapsed")
    own = lapsed.awaits is Awaited.CUSTOMER
    context.enqueue(_answer(lapsed, {"word": None, "own": own}))
    await _end(context, lapsed)
    await news.tell_lapsed(context, lapsed)


async def _end(context: RequestContext, ended: Visit) -> None:
    """Promise what any end does: a deposit that was paid before it was moved goes back."""
    await of_cancelled(context, ended, by_customer=False)
    context.cancel_timer(lapsing(ended.id))
    freed(context, ended)
    promise_copies(context, ended)


def _answer(ended: Visit, payload: dict[str, str | bool | None]) -> OutboxMessage:
    return to_customer(ANSWER, ended, f"answer:{ended.id}", payload)
