"""What a request promises: that it is answered or lapses, and what follows from it."""

from typing import Final

from shared.contracts.approval import LapseRequest
from worker.db.models.booking import Status
from worker.notices import news
from worker.runtime.context import RequestContext
from worker.visits.freed import freed
from worker.visits.promises import (
    REMINDER,
    about,
    card_of,
    complete_in_time,
    completion,
    moved_card_of,
    promise_calendar,
    promise_copies,
    promise_to_ask,
    settled,
)
from worker.visits.repository import Visit

PROPOSED: Final = "proposed"


async def of_request(context: RequestContext, visit: Visit) -> None:
    """Promise what a visit promises that waits for an answer: whoever may answer is asked, and it lapses."""
    context.note(visit.id, "asked")
    context.enqueue(card_of(visit, context.envelope.reply_to.message_id))
    await news.tell_asked(context, visit)
    _lapse_in_time(context, visit)


async def of_moved_request(context: RequestContext, before: Visit, moved: Visit) -> None:
    """Promise what it promises that a customer wants another time: whoever may answer is asked about that.

    A visit that stood before is none any more: it is reminded of no longer, and leaves the calendar.
    """
    times = {"was": before.start.isoformat(), "to": moved.start.isoformat()}
    context.note(before.id, "asked" if before.status is Status.PENDING else "moved", **times)
    context.enqueue(card_of(moved, context.envelope.reply_to.message_id))
    await news.tell_asked_anew(context, before, moved, moved.kept_until or moved.start)
    _leave(context, before, moved)


async def of_proposal(context: RequestContext, before: Visit, proposed: Visit) -> None:
    """Promise what another time promises than the one that was asked for: its customer is asked."""
    times = {"was": before.start.isoformat(), "to": proposed.start.isoformat()}
    context.note(before.id, PROPOSED, **times)
    context.enqueue(moved_card_of(before, proposed, context.user.id))
    await news.tell_proposed(context, before, proposed)
    _leave(context, before, proposed)


async def of_acceptance(context: RequestContext, visit: Visit) -> None:
    """Promise what a request promises that was accepted: its customer is told, in a new message by staff."""
    await of_agreement(context, visit)
    await _stand(context, visit)


async def of_agreement(context: RequestContext, visit: Visit) -> None:
    """Promise that both sides read that a request was accepted; it lapses no more, or only unpaid."""
    context.cancel_timer(lapsing(visit.id))
    context.note(visit.id, "accepted")
    own = context.user.id == visit.customer_id
    context.enqueue(card_of(visit, context.envelope.reply_to.message_id if own else None))
    promise_copies(context, visit)
    await news.tell_accepted(context, visit)


async def of_payment(context: RequestContext, visit: Visit) -> None:
    """Promise what a request promises that was accepted and is paid for: it is a visit now."""
    context.enqueue(card_of(visit))
    promise_copies(context, visit)
    await news.tell_paid(context, visit)
    await _stand(context, visit)


async def of_unpaid(context: RequestContext, ended: Visit) -> None:
    """Promise that those who accepted a request read that nobody paid, and that its time is offered."""
    context.note(ended.id, "unpaid")
    promise_copies(context, ended)
    await news.tell_unpaid(context, ended)
    freed(context, ended)


def lapsing(booking_id: int) -> str:
    """Return the key of the timer that ends a request which nobody answers."""
    return f"lapse:{booking_id}"


async def _stand(context: RequestContext, visit: Visit) -> None:
    promise_calendar(context, visit)
    await promise_to_ask(context, visit)
    complete_in_time(context, visit)


def _leave(context: RequestContext, before: Visit, moved: Visit) -> None:
    """Promise what follows where a time is asked for or proposed in place of another one."""
    context.void(REMINDER, about(before.id))
    promise_calendar(context, moved)
    promise_copies(context, moved)
    context.cancel_timer(completion(before.id))
    _lapse_in_time(context, moved)
    freed(context, before)
    context.timers.update(settled(before, context.now))


def _lapse_in_time(context: RequestContext, visit: Visit) -> None:
    if visit.kept_until is not None:
        context.set_timer(lapsing(visit.id), LapseRequest(booking_id=visit.id), visit.kept_until)
