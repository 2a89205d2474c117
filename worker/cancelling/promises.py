"""What a visit promises that is cancelled: by its customer, by staff, with a change of the business."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from worker.notices import news
from worker.notices.promises import is_unheard_of
from worker.notices.rules import Recipient
from worker.outbox import writer
from worker.outbox.message import OutboxMessage, Promised, TimerSetting
from worker.payments.promises import of_cancelled, refund_notices, unask
from worker.runtime.context import RequestContext
from worker.visits.freed import freed, freeing
from worker.visits.promises import (
    CARD,
    REMINDER,
    about,
    calendar_of,
    card_of,
    completion,
    copies_of,
    freed_card_of,
    promise_anew,
    promise_calendar,
    promise_card,
    promise_copies,
    settled,
    untold,
)
from worker.visits.repository import Visit


async def of_cancellation(context: RequestContext, cancelled: Visit) -> None:
    """Promise what a cancelled visit promises."""
    context.void(REMINDER, about(cancelled.id))
    context.note(cancelled.id, "cancelled")
    await of_cancelled(context, cancelled, by_customer=True)
    await unask(context, cancelled)
    promise_card(context, cancelled)
    promise_calendar(context, cancelled)
    await news.tell_cancelled(context, cancelled)
    promise_copies(context, cancelled)
    context.cancel_timer(completion(cancelled.id))
    freed(context, cancelled)
    context.timers.update(settled(cancelled, context.now))


async def of_staff_cancellation(context: RequestContext, cancelled: Visit, words: str = "") -> None:
    """Promise what a visit promises that staff cancelled: its customer is told that, or its words, once."""
    context.void(REMINDER, about(cancelled.id))
    context.note(cancelled.id, "cancelled", by="business")
    await of_cancelled(context, cancelled, by_customer=False)
    await unask(context, cancelled)
    context.enqueue(card_of(cancelled, words=words))
    promise_calendar(context, cancelled)
    await news.tell_cancelled(context, cancelled)
    promise_copies(context, cancelled)
    context.cancel_timer(completion(cancelled.id))
    freed(context, cancelled)
    context.timers.update(settled(cancelled, context.now))


async def of_freeing(context: RequestContext, visit: Visit) -> None:
    """Promise what a visit promises that is freed: its customer has not said that they will be there."""
    context.void(REMINDER, about(visit.id))
    context.note(visit.id, "cancelled", by="unconfirmed")
    await of_cancelled(context, visit, by_customer=True)
    context.enqueue(freed_card_of(visit))
    promise_calendar(context, visit)
    await news.tell_cancelled(context, visit, why="unconfirmed")
    promise_copies(context, visit)
    context.cancel_timer(completion(visit.id))
    freed(context, visit)


async def of_explanation(context: RequestContext, visit: Visit) -> None:
    """Promise that the staff read why the visit was cancelled, and that no card asks again."""
    await news.tell_explained(context, visit, context.envelope.update_id)
    promise_anew(context, visit)


async def of_calling_off(session: AsyncSession, visits: Sequence[Visit], words: str, now: datetime) -> None:
    """Promise what visits promise that the business cancelled, with words of its own to the customers.

    Specialists who are still there hear of it; whoever runs the business has just done it.
    """
    messages: list[OutboxMessage] = []
    for visit in visits:
        tell = not await is_unheard_of(session, visit.id, now)
        messages += _of_calling_off(visit, words, tell=tell)
        if visit.deposit is not None:
            messages += await refund_notices(session, visit.deposit.payment_id, ())
    events = [
        {"booking_id": visit.id, "kind": "cancelled", "source": "file", "data": {"words": words}, "at": now}
        for visit in visits
    ]
    timers: dict[str, TimerSetting | None] = dict.fromkeys([completion(visit.id) for visit in visits])
    timers.update(freeing(visits, now))
    for visit in visits:
        timers.update(settled(visit, now))
    events += untold(messages, CARD, now)
    await writer.enqueue(session, messages, now, events, timers, map(_reminders, visits))


def _of_calling_off(visit: Visit, words: str, *, tell: bool) -> Iterator[OutboxMessage]:
    yield card_of(visit, words=words)
    yield from calendar_of(visit)
    if tell and visit.specialist_active and visit.specialist_telegram_id is not None:
        yield news.news_of(visit, "cancelled", visit.version).to(Recipient(visit.specialist_telegram_id))
    yield from copies_of(visit)


def _reminders(visit: Visit) -> Promised:
    return Promised(REMINDER, about(visit.id))
