"""What another number of places promises, and the names of those who come along."""

from worker.notices import news
from worker.runtime.context import RequestContext
from worker.visits.freed import freed
from worker.visits.promises import (
    REMINDER,
    about,
    promise_anew,
    promise_calendar,
    promise_card,
    promise_copies,
    promise_reminders,
    resized_card_of,
)
from worker.visits.repository import Visit


async def of_resizing(context: RequestContext, before: Visit, resized: Visit) -> None:
    """Promise that everybody reads the new number; places that are given back are offered to who waits."""
    context.void(REMINDER, about(before.id))
    if context.user.id == resized.customer_id:
        promise_card(context, resized)
    else:
        context.enqueue(resized_card_of(before, resized, context.user.id))
    promise_calendar(context, resized)
    await news.tell_resized(context, resized)
    context.note(before.id, "resized", was=before.places, to=resized.places)
    promise_reminders(context, resized)
    promise_copies(context, resized)
    if resized.places < before.places:
        freed(context, before)


def of_companions(context: RequestContext, visit: Visit) -> None:
    """Promise that every card says who comes along."""
    context.note(visit.id, "companions")
    promise_anew(context, visit)
