"""What a series promises: one message, one file and one notice of all its visits; reminders of each."""

from collections.abc import Sequence
from typing import Final

from worker.notices import news
from worker.outbox.message import OutboxMessage
from worker.payments.promises import of_cancelled
from worker.runtime.context import RequestContext
from worker.series.repository import share_a_file
from worker.visits.freed import freed
from worker.visits.promises import (
    REMINDER,
    about,
    complete_in_time,
    completion,
    promise_copies,
    promise_to_ask,
    settled,
    to_customer,
    withdrawal_of,
)
from worker.visits.repository import Visit

BOOKED: Final = "series.booked"
CANCELLED: Final = "series.cancelled"
MOVED: Final = "series.moved"
FILE: Final = "series.calendar"


async def of_series(context: RequestContext, visits: Sequence[Visit]) -> None:
    """Promise what visits promise that were booked at once."""
    for visit in visits:
        context.note(visit.id, "booked", series=visit.series_id)
    _promise_words(context, BOOKED, visits)
    await news.tell_series(context, visits, "series")
    for visit in visits:
        await promise_to_ask(context, visit)
        complete_in_time(context, visit)


async def of_cancellation(context: RequestContext, cancelled: Sequence[Visit]) -> None:
    """Promise what visits promise that were cancelled at once, by their customer or by staff."""
    by_customer = context.user.id == cancelled[0].customer_id
    for visit in cancelled:
        context.void(REMINDER, about(visit.id))
        context.note(visit.id, "cancelled", **({} if by_customer else {"by": "business"}))
        await of_cancelled(context, visit, by_customer=by_customer)
    _promise_words(context, CANCELLED, cancelled)
    await news.tell_series(context, cancelled, "series_cancelled")
    for visit in cancelled:
        context.cancel_timer(completion(visit.id))
        _promise_what_follows(context, visit, visit)


async def of_moves(context: RequestContext, pairs: Sequence[tuple[Visit, Visit]]) -> None:
    """Promise what visits promise that were moved at once: each as it was, and as it is now."""
    moved = [after for _, after in pairs]
    for before, after in pairs:
        context.void(REMINDER, about(before.id))
        context.note(before.id, "moved", was=before.start.isoformat(), to=after.start.isoformat())
    await share_a_file(context.session, moved)
    _promise_words(context, MOVED, moved)
    await news.tell_series(context, moved, "series_moved")
    for before, after in pairs:
        await promise_to_ask(context, after)
        complete_in_time(context, after)
        _promise_what_follows(context, before, after)


def _promise_what_follows(context: RequestContext, before: Visit, after: Visit) -> None:
    """Promise that what shows a visit follows the change, and that its time is offered to others."""
    for message in withdrawal_of(after):
        context.enqueue(message)
    promise_copies(context, after)
    freed(context, before)
    context.timers.update(settled(before, context.now))


def _promise_words(context: RequestContext, kind: str, visits: Sequence[Visit]) -> None:
    """Promise the customer one message where they tapped, else a new one, and one file."""
    by_customer = context.user.id == visits[0].customer_id
    tapped = context.envelope.reply_to.message_id if by_customer else None
    context.enqueue(_of_all(kind, visits, message_id=tapped, by_business=not by_customer))
    context.enqueue(file_of_all(visits, ends=kind == CANCELLED))


def file_of_all(visits: Sequence[Visit], *, ends: bool = False) -> OutboxMessage:
    """Make the promise of one calendar file of visits, or of one that takes them out."""
    return _of_all(FILE, visits, ends=ends)


def _of_all(kind: str, visits: Sequence[Visit], **more: int | None) -> OutboxMessage:
    """Make the promise of a message that is about the first of the visits, and says something of all."""
    first = visits[0]
    payload = {"ids": [visit.id for visit in visits], **more}
    return to_customer(kind, first, f"{kind}:{first.id}:{first.version}", payload)
