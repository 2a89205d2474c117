"""What deposits promise to be sent, and what is to happen later."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.payments import LapsePayment
from worker.db.models.booking import Awaited
from worker.outbox.message import Chat, OutboxMessage
from worker.payments.repository import AskedDeposit, load_asked_for, load_owners
from worker.payments.rules import IN_FLIGHT
from worker.runtime.context import RequestContext
from worker.visits.repository import Visit
from worker.visits.rules import loses_deposit

INVOICE: Final = "payment.invoice"
LAPSED: Final = "payment.lapsed"
WITHDRAW: Final = "payment.withdraw"
REFUND: Final = "payment.refund"
RETURNED: Final = "payment.returned"
WAIVED: Final = "payment.waived"
DOUBT: Final = "payment.doubt"


def of_hold(context: RequestContext, asked: AskedDeposit, until: datetime) -> None:
    """Promise the invoice for a time that is held, and have the hold end in time."""
    promise_invoice(context, asked, f"invoice:{asked.id}")
    context.set_timer(lapsing(asked.id), LapsePayment(payment_id=asked.id), until)


def promise_invoice(context: RequestContext, asked: AskedDeposit, key: str) -> None:
    """Promise the invoice."""
    context.enqueue(_to_payer(INVOICE, asked, key))


def of_lapse(context: RequestContext, asked: AskedDeposit) -> None:
    """Promise that its customer reads that a time is held no longer, and that the invoice goes away."""
    context.enqueue(_to_payer(LAPSED, asked, f"lapsed:{asked.id}", shown_in=asked.shown_in))
    withdraw(context, asked, asked.invoice_message_id)


async def of_doubt(context: RequestContext, asked: AskedDeposit) -> None:
    """Promise that the owners look for money that Telegram was allowed to take and never told of.

    Mostly it was not taken: it tells of no card that was declined. But where Redis lost what it had, the word
    of a payment is lost with it, and nobody else knows of the money.
    """
    if asked.allowed_at is not None:
        told = max(context.now, asked.allowed_at + IN_FLIGHT)
        await _tell_each_owner(context, DOUBT, "doubt", asked, told)


def withdraw(context: RequestContext, asked: AskedDeposit, message_id: int | None) -> None:
    """Promise that a message goes away that says what is so no longer."""
    if message_id is not None:
        context.enqueue(withdrawal(asked.person_id, message_id))


def withdrawal(person_id: int, message_id: int) -> OutboxMessage:
    """Make the promise that a message goes away."""
    key = f"withdraw:{person_id}:{message_id}"
    return OutboxMessage(
        kind=WITHDRAW, destination=Chat(person_id), key=key, payload={"message_id": message_id}
    )


async def tell_owners(context: RequestContext, payment_id: int) -> None:
    """Promise that the owners read that money is to be returned."""
    for message in await refund_notices(context.session, payment_id, context.settings.admin_ids):
        context.enqueue(message)


async def unask(context: RequestContext, cancelled: Visit) -> None:
    """Have the invoice of a visit go away that will not be: nobody has to pay it any more."""
    if cancelled.awaits is not Awaited.PAYMENT:
        return
    payment_id = await load_asked_for(context.session, cancelled.id)
    if payment_id is not None:
        context.set_timer(lapsing(payment_id), LapsePayment(payment_id=payment_id), context.now)


async def of_cancelled(context: RequestContext, cancelled: Visit, *, by_customer: bool) -> None:
    """Promise that the owners return the deposit of a visit that will not be, unless it is kept."""
    if cancelled.deposit is not None and not (by_customer and loses_deposit(cancelled)):
        await tell_owners(context, cancelled.deposit.payment_id)


async def refund_notices(
    session: AsyncSession, payment_id: int, by_settings: Collection[int]
) -> list[OutboxMessage]:
    """Make the promises that the owners read that money is to be returned."""
    return list(_notices(payment_id, await load_owners(session, by_settings)))


def promise_word_of_return(context: RequestContext, person_id: int, payment_id: int) -> None:
    """Promise that whoever paid reads that the money was sent back."""
    payload = {"payment_id": payment_id}
    context.enqueue(
        OutboxMessage(
            kind=RETURNED, destination=Chat(person_id), key=f"returned:{payment_id}", payload=payload
        )
    )


async def tell_of_waiver(context: RequestContext, asked: AskedDeposit) -> None:
    """Promise that the owners read that Telegram takes no such invoice."""
    await _tell_each_owner(context, WAIVED, "waived", asked)


def lapsing(payment_id: int) -> str:
    """Return the key of the timer that ends a hold which is not paid for."""
    return f"payment:{payment_id}"


async def _tell_each_owner(
    context: RequestContext, kind: str, word: str, asked: AskedDeposit, due_at: datetime | None = None
) -> None:
    for owner in await load_owners(context.session, context.settings.admin_ids):
        key, payload = f"{word}:{asked.id}:{owner}", {"payment_id": asked.id}
        message = OutboxMessage(kind=kind, destination=Chat(owner), key=key, payload=payload, due_at=due_at)
        context.enqueue(message)


def _notices(payment_id: int, owners: Collection[int]) -> Iterator[OutboxMessage]:
    for owner in owners:
        yield OutboxMessage(
            kind=REFUND,
            destination=Chat(owner),
            key=f"refund:{payment_id}:{owner}",
            payload={"payment_id": payment_id},
        )


def _to_payer(kind: str, asked: AskedDeposit, key: str, **more: int | None) -> OutboxMessage:
    payload = {"payment_id": asked.id, **more}
    return OutboxMessage(kind=kind, destination=Chat(asked.person_id), key=key, payload=payload)
