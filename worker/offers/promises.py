"""What an offer promises: that its person hears of it, that it lapses in time, that its message follows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shared.contracts.line import LapseChoice
from shared.contracts.waitlist import LapseOffer
from worker.offers.repository import HeldOffer, StaffChoice
from worker.outbox.message import Chat, OutboxMessage
from worker.runtime.context import RequestContext
from worker.visits.freed import offering

OFFER: Final = "waitlist.offer"
SETTLED: Final = "waitlist.settled"
CHOOSE: Final = "line.choose"


def of_offer(context: RequestContext, offer: HeldOffer) -> None:
    """Promise that the person hears of it, not at night, and that it lapses at its deadline."""
    context.enqueue(
        OutboxMessage(
            kind=OFFER,
            destination=Chat(offer.customer_id),
            key=f"offer:{offer.id}",
            payload={"offer_id": offer.id},
            due_at=offer.told_at if offer.told_at > context.now else None,
            expires_at=offer.deadline,
        )
    )
    context.set_timer(deadline_key(offer.id), LapseOffer(offer_id=offer.id), offer.deadline)


def of_settling(context: RequestContext, offer: HeldOffer, *, shown: bool = False) -> None:
    """Promise that what shows an offer says what came of it, unless the answer to a tap does: `shown`."""
    context.cancel_timer(deadline_key(offer.id))
    if not shown:
        context.enqueue(settled_message(offer))


def settled_message(offer: HeldOffer, *, late: bool = False) -> OutboxMessage:
    """Make the promise that the message which offers something says what came of it.

    `late` is one that was sent while the offer was settled.
    """
    return OutboxMessage(
        kind=SETTLED,
        destination=Chat(offer.customer_id),
        key=f"settled:{offer.id}{':late' if late else ''}",
        payload={"offer_id": offer.id},
    )


def offer_on(context: RequestContext, offer: HeldOffer) -> None:
    """Have the stretch that an offer came of offered on: to who is next, or whom the staff choose."""
    asked = not offer.by_staff
    freed = (offer.freed_specialist_id, offer.freed_from, offer.freed_until)
    key, timer = offering(*freed, context.now, asked=asked)
    context.set_timer(key, timer.command, timer.due_at)


def deadline_key(offer_id: int) -> str:
    """Return the key of the timer that has an offer lapse."""
    return f"offer:{offer_id}"


def of_choice(context: RequestContext, choice: StaffChoice, chats: Sequence[int], told_at: datetime) -> None:
    """Promise that the staff are asked, not at night, and that the line decides where nobody chooses."""
    due_at = told_at if told_at > context.now else None
    for chat_id in chats:
        context.enqueue(choice_message(choice.id, chat_id, choice.deadline, due_at))
    context.set_timer(choice_key(choice.id), LapseChoice(choice_id=choice.id), choice.deadline)


def choice_message(
    choice_id: int, chat_id: int, deadline: datetime, due_at: datetime | None = None
) -> OutboxMessage:
    """Make the question to one of the staff: to whom to offer what has freed up."""
    return OutboxMessage(
        kind=CHOOSE,
        destination=Chat(chat_id),
        key=f"choose:{choice_id}:{chat_id}",
        payload={"choice_id": choice_id},
        due_at=due_at,
        expires_at=deadline,
    )


def choice_key(choice_id: int) -> str:
    """Return the key of the timer that has the line decide where nobody chose."""
    return f"choose:{choice_id}"
