"""What a booking together promises: cards that say how far it has come, its end, and what is booked of it."""

from collections.abc import Sequence
from typing import Final

from worker.notices import news
from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext
from worker.together.ending import deadline_key, ending
from worker.together.repository import GatheringData
from worker.visits.freed import offering
from worker.visits.promises import card_of, complete_in_time, promise_calendar, promise_to_ask
from worker.visits.repository import Visit

CARD: Final = "gathering.card"
ENDED: Final = "gathering.ended"


def of_start(context: RequestContext, gathering: GatheringData) -> None:
    """Promise its card to who began it, and that it ends at its deadline."""
    promise_cards(context, gathering)
    for key, timer in ending([gathering.id], gathering.deadline).items():
        context.set_timer(key, timer.command, timer.due_at)


def promise_cards(context: RequestContext, gathering: GatheringData) -> None:
    """Promise everybody who has joined that their card says how it stands now."""
    for person_id in gathering.people:
        context.enqueue(card(gathering, person_id))


def card(gathering: GatheringData, person_id: int, cause: str = "") -> OutboxMessage:
    """Make the promise of somebody's card; `cause` tells a second one of the same version from the first."""
    return OutboxMessage(
        kind=CARD,
        destination=Chat(person_id),
        key=f"gathering:{gathering.id}:{gathering.version}:{person_id}{cause}",
        payload={"gathering_id": gathering.id, "version": gathering.version},
    )


def of_end(context: RequestContext, ended: GatheringData) -> None:
    """Promise that everybody reads that nothing came of it, once, and that others are offered the places."""
    promise_cards(context, ended)
    for person_id in ended.people:
        if person_id != context.user.id:
            context.enqueue(
                OutboxMessage(
                    kind=ENDED,
                    destination=Chat(person_id),
                    key=f"gathering_ended:{ended.id}:{person_id}",
                    payload={"gathering_id": ended.id},
                )
            )
    context.cancel_timer(deadline_key(ended.id))
    _offer(context, ended)


async def of_booking(context: RequestContext, booked: GatheringData, visits: Sequence[Visit]) -> None:
    """Promise each of those who are booked what a visit promises, and the staff one word of all."""
    promise_cards(context, booked)
    for visit in visits:
        context.note_by(visit.customer_id, visit.id, "booked", gathering=booked.id)
        context.enqueue(card_of(visit))
        promise_calendar(context, visit)
        await promise_to_ask(context, visit)
        complete_in_time(context, visit)
    await news.tell_together(context, visits)
    context.cancel_timer(deadline_key(booked.id))
    if booked.free:
        _offer(context, booked)


def _offer(context: RequestContext, gathering: GatheringData) -> None:
    key, timer = offering(gathering.specialist_id, gathering.start, gathering.until, context.now)
    context.set_timer(key, timer.command, timer.due_at)
