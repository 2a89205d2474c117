"""What a customer does with an invoice in the emulator, and what the worker is told of it."""

from typing import Any

from sandbox.emulator import paying
from sandbox.emulator.world import Checkout
from shared.contracts.payments import CheckPayment, NotePayment
from shared.envelope import Envelope, ReplyTo
from tests.worker.shop import ANNA
from tests.worker.stage import Stage

TOKEN = "1:TEST:secret"


def begin(
    stage: Stage, message_id: int, person: int = ANNA, *, owner: int = ANNA, **more: bool
) -> tuple[Checkout, Envelope]:
    """Fill in a card and tap 'Pay'; return what is asked of the worker."""
    emulator = stage.telegram.emulator
    bot = emulator.bot(None)
    invoice = paying.find_invoice(emulator, bot, owner, message_id)
    checkout, update = paying.begin(emulator, bot, person, owner, invoice, **more)
    assert update is not None
    asked = update.body["pre_checkout_query"]
    command = CheckPayment(
        currency=asked["currency"], amount=asked["total_amount"], payload=asked["invoice_payload"]
    )
    return checkout, stage.envelope(command, person, ReplyTo(chat_id=person, checkout_id=checkout.id))


async def pay(stage: Stage, message_id: int, person: int = ANNA) -> tuple[Checkout, Envelope | None]:
    """Pay an invoice as far as Telegram takes the money; return what the worker is told, if it does."""
    checkout, envelope = begin(stage, message_id, person)
    await stage.run(envelope)
    return checkout, taken(stage, checkout)


def taken(stage: Stage, checkout: Checkout) -> Envelope | None:
    """Return what the worker is told of a payment; None while the money has not been taken."""
    if checkout.state != paying.PAID:
        return None
    return stage.envelope(paid_by(stage, checkout), checkout.user_id)


def paid_by(stage: Stage, checkout: Checkout, **changes: Any) -> NotePayment:  # noqa: ANN401 - a command's fields
    """Return what Telegram writes into the chat of who has paid."""
    chat = stage.telegram.emulator.world.chat(stage.telegram.emulator.bot(None), checkout.user_id)
    payments = [each.api.get("successful_payment") for each in chat.messages.values()]
    [paid] = [each for each in payments if each and each["telegram_payment_charge_id"] == checkout.charge]
    fields = {
        "currency": paid["currency"],
        "amount": paid["total_amount"],
        "payload": paid["invoice_payload"],
        "charge_id": paid["telegram_payment_charge_id"],
        "provider_charge_id": paid["provider_payment_charge_id"],
    }
    return NotePayment(**(fields | changes))


async def send_invoice(stage: Stage, payload: str, person: int = ANNA) -> int:
    """Send an invoice that no deposit was asked for with; return the message."""
    sent = await stage.client.call(
        "sendInvoice",
        {
            "chat_id": person,
            "title": "Cut",
            "description": "A deposit",
            "payload": payload,
            "provider_token": TOKEN,
            "currency": "EUR",
            "prices": [{"label": "Deposit", "amount": 1000}],
        },
    )
    return int(sent["message_id"])
