"""What a swap promises: that it is asked, that it lapses in time, and that who asked hears the answer."""

from dataclasses import replace
from typing import Final

from shared.contracts.swapping import LapseSwap
from worker.notices import news
from worker.outbox.message import OutboxMessage
from worker.runtime.context import RequestContext
from worker.swapping.repository import SwapData
from worker.visits.freed import unsettling
from worker.visits.promises import (
    REMINDER,
    about,
    card_of,
    complete_in_time,
    promise_calendar,
    promise_copies,
    promise_to_ask,
    settled,
    to_customer,
)
from worker.visits.repository import Visit

QUESTION: Final = "swapping.question"
SETTLED: Final = "swapping.settled"
ANSWER: Final = "swapping.answer"


def of_request(context: RequestContext, swap: SwapData, other: Visit) -> None:
    """Promise that whoever has the time is asked, not at night, and that it lapses at its deadline."""
    due_at = swap.told_at if swap.told_at > context.now else None
    key, payload = f"swap:{swap.id}", {"swap_id": swap.id}
    context.enqueue(to_customer(QUESTION, other, key, payload, due_at, swap.deadline))
    context.set_timer(deadline_key(swap.id), LapseSwap(swap_id=swap.id), swap.deadline)


def of_settling(context: RequestContext, swap: SwapData, other: Visit, *, shown: bool = False) -> None:
    """Promise that the question says what came of it, unless the answer to a tap does: `shown`."""
    context.cancel_timer(deadline_key(swap.id))
    if not shown:
        context.enqueue(settled_message(swap, other))


def settled_message(swap: SwapData, other: Visit, *, late: bool = False) -> OutboxMessage:
    """Make the promise that the question says what came of it; `late` is one that was just being sent."""
    key = f"swap_settled:{swap.id}{':late' if late else ''}"
    return to_customer(SETTLED, other, key, {"swap_id": swap.id})


def tell_asker(context: RequestContext, swap: SwapData, mine: Visit) -> None:
    """Promise the word to who asked that nothing came of it: their visit stays."""
    context.enqueue(to_customer(ANSWER, mine, f"swap_answer:{swap.id}", {"swap_id": swap.id}))


async def of_swap(context: RequestContext, before: tuple[Visit, Visit], after: tuple[Visit, Visit]) -> None:
    """Promise what two visits promise that have swapped: of who asked first, whose card is a new message."""
    asking, asked = after
    tapped = context.envelope.reply_to.message_id
    await _of_swapped(context, before[0], asking, card_of(asking))
    await _of_swapped(context, before[1], asked, card_of(asked, tapped))


async def _of_swapped(context: RequestContext, before: Visit, after: Visit, card: OutboxMessage) -> None:
    """Promise what a move promises, but that nothing is free; neither customer has moved it by themselves."""
    was, to = before.start.isoformat(), after.start.isoformat()
    context.void(REMINDER, about(after.id))
    context.enqueue(replace(card, payload={**card.payload, "swapped": was}))
    promise_calendar(context, after)
    await news.tell_moved(context, before, after)
    context.note_by(after.customer_id, after.id, "moved", was=was, to=to, offered=True)
    await promise_to_ask(context, after)
    promise_copies(context, after)
    complete_in_time(context, after)
    context.timers.update(unsettling([before], context.now))
    context.timers.update(settled(before, context.now))


def deadline_key(swap_id: int) -> str:
    """Return the key of the timer that has a swap lapse."""
    return f"swap:{swap_id}"
