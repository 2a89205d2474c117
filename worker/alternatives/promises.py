"""What a rebooking promises: a word to each customer, and a card to those who watch."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from worker.alternatives import repository
from worker.alternatives.repository import RebookedData
from worker.outbox import writer
from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext
from worker.visits.promises import about, settled, to_customer
from worker.visits.repository import Visit

OFFER: Final = "rebooking.offer"
FOLLOW: Final = "rebooking.follow"
STANDS: Final = "rebooking.stands"
CARD: Final = "rebooking.card"
A_MOMENT: Final = timedelta(seconds=1)
"""So long the card waits for more to say: of many answers in a moment it says the last."""


def promise_offer(context: RequestContext, rebooking_id: int, visit: Visit) -> None:
    """Promise a customer, once, what they can have instead."""
    key = f"rebooking:{rebooking_id}:{visit.id}"
    context.enqueue(to_customer(OFFER, visit, key, {"rebooking_id": rebooking_id}))


def promise_follow(
    context: RequestContext, visits: Sequence[Visit], rebooked: Sequence[RebookedData]
) -> None:
    """Promise that the messages which offered other times say how it stands now."""
    by_number = {visit.id: visit for visit in visits}
    for each in rebooked:
        visit = by_number.get(each.booking_id)
        if each.message_id is not None and visit is not None:
            key = f"rebooking_follow:{each.rebooking_id}:{visit.id}:{context.envelope.update_id}"
            payload = {"rebooking_id": each.rebooking_id, "message_id": each.message_id}
            context.enqueue(to_customer(FOLLOW, visit, key, payload))


def promise_stands(context: RequestContext, rebooking_id: int, visits: Sequence[Visit]) -> None:
    """Promise customers who were offered other times the word that their visits are as they were."""
    for visit in visits:
        key = f"rebooking_stands:{rebooking_id}:{visit.id}"
        context.enqueue(to_customer(STANDS, visit, key, {"rebooking_id": rebooking_id}))


async def promise_cards(
    context: RequestContext, rebooking_id: int, anchor: int, *, at_once: bool = False
) -> None:
    """Promise everybody who watches how far it has come; what was promised before and not sent is left.

    `anchor` is the first of its visits: what the messages are about.
    """
    context.void(CARD, about(anchor))
    due_at = None if at_once else context.now + A_MOMENT
    for message in await _cards(context.session, rebooking_id, anchor, due_at):
        context.enqueue(message)


async def update_soon(session: AsyncSession, visit: Visit, now: datetime) -> None:
    """Have looked, beside a delivery, how far it has come with a visit."""
    await writer.enqueue(session, [], now, timers=settled(visit, now))


async def _cards(
    session: AsyncSession, rebooking_id: int, anchor: int, due_at: datetime | None
) -> list[OutboxMessage]:
    return [
        OutboxMessage(
            kind=CARD,
            destination=Chat(each.person_id),
            key=f"rebooking_card:{rebooking_id}:{each.person_id}:{each.revision}",
            subject=about(anchor),
            payload={"rebooking_id": rebooking_id},
            due_at=due_at,
        )
        for each in await repository.load_watchers(session, rebooking_id)
    ]
