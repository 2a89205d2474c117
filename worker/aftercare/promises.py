"""What a visit promises that has been."""

from datetime import timedelta
from typing import Final

from worker.aftercare.repository import load_after
from worker.aftercare.rules import RatingReader, again_at, again_on, asked_at
from worker.db.models.booking import Status
from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext
from worker.visits.promises import about, to_customer
from worker.visits.repository import Visit

HOW_WAS_IT: Final = "aftercare.ask"
RATED: Final = "aftercare.rated"
AGAIN: Final = "aftercare.again"
USELESS: Final = timedelta(days=7)
"""So late nobody is asked any more how it was, or told that it is time."""
FOR_WORDS: Final = timedelta(minutes=5)
"""So long a rating waits for the customer's words before it is told."""


async def of_completion(context: RequestContext, visit: Visit) -> None:
    """Promise what is wanted after a visit; nothing after one that was missed."""
    after = await load_after(context.session, visit.id) if visit.status is Status.DONE else None
    if after is None or not after.willing:
        return
    if after.ratings is not RatingReader.NOBODY and not after.rated:
        due = asked_at(context.now, context.zone)
        context.enqueue(to_customer(HOW_WAS_IT, visit, f"rating:{visit.id}", {}, due, due + USELESS))
    if after.again_after is not None:
        due = again_at(visit.start, after.again_after, context.zone)
        until = due + max(USELESS, after.again_after)
        day = again_on(visit.start, after.again_after, context.zone).isoformat()
        if due > context.now:
            context.enqueue(to_customer(AGAIN, visit, f"again:{visit.id}", {"day": day}, due, until))


def of_rating(context: RequestContext, visit: Visit, readers: list[int]) -> None:
    """Promise the word about a rating to who reads it, after a while: the customer may say more."""
    for chat_id in readers:
        context.enqueue(_rated(visit, chat_id, f"rated:{visit.id}:{chat_id}", context, FOR_WORDS))


def of_words(context: RequestContext, visit: Visit, readers: list[int]) -> None:
    """Promise the words to who reads them, in place of the rating alone where that is not told yet."""
    context.void(RATED, about(visit.id))
    for chat_id in readers:
        context.enqueue(_rated(visit, chat_id, f"rated:{visit.id}:{chat_id}:words", context, timedelta()))


def _rated(visit: Visit, chat_id: int, key: str, context: RequestContext, after: timedelta) -> OutboxMessage:
    due = context.now + after
    return OutboxMessage(kind=RATED, destination=Chat(chat_id), key=key, subject=about(visit.id), due_at=due)
