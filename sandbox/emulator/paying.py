"""What somebody does who pays an invoice: the bot is asked first, and has ten seconds to answer."""

import secrets
import time

from sandbox.emulator import acting
from sandbox.emulator.emulator import Emulator
from sandbox.emulator.errors import ClientError
from sandbox.emulator.updates import Update
from sandbox.emulator.world import Bot, Checkout, Json, Message

PAID, REFUSED, DECLINED = "paid", "refused", "declined"
CARD_DECLINED = "Your card was declined."


def find_invoice(emulator: Emulator, bot: Bot, user_id: int, message_id: int) -> Message:
    """Return an invoice in somebody's chat; ClientError 404 where there is none."""
    emulator.world.user(user_id)
    message = emulator.world.chat(bot, user_id).messages.get(message_id)
    if message is None or message.deleted or message.payable is None:
        raise ClientError(404, f"There is no invoice {message_id} in this chat.")
    return message


def link_of(bot: Bot, invoice: Message) -> str | None:
    """Return where a forwarded copy of an invoice leads; None where it can be paid by whoever gets it."""
    parameter = invoice.api["invoice"]["start_parameter"]
    return f"https://t.me/{bot.username}?start={parameter}" if parameter else None


def begin(
    emulator: Emulator, bot: Bot, payer: int, owner: int, invoice: Message, *, declined: bool = False
) -> tuple[Checkout, Update | None]:
    """Have somebody fill in their card and tap 'Pay'; with `declined` the bank will say no to it.

    Raises ClientError 409 for an invoice that they have paid: its button shows the receipt.
    """
    if payer in invoice.paid_by:
        raise ClientError(409, "This invoice is paid: its button shows the receipt.")
    shown, now = invoice.api["invoice"], time.time()
    checkout = Checkout(
        id=str(secrets.randbits(63)),
        bot_id=bot.id,
        user_id=payer,
        owner_id=owner,
        message_id=invoice.id,
        created_at=now,
        answer_by=now + emulator.config.pre_checkout_seconds,
        declined=declined,
    )
    emulator.world.checkouts[checkout.id] = checkout
    emulator.world.touch("checkout", checkout.id)
    query = {
        "id": checkout.id,
        "from": emulator.world.user(payer),
        "currency": shown["currency"],
        "total_amount": shown["total_amount"],
        "invoice_payload": (invoice.payable or {})["payload"],
    }
    return checkout, emulator.emit(bot, {"pre_checkout_query": query})


def settle(emulator: Emulator, bot: Bot, checkout: Checkout, refusal: str | None) -> None:
    """End a payment by the bot's answer: take the money and tell the bot, or say why not."""
    invoice = emulator.world.chat(bot, checkout.owner_id).messages[checkout.message_id]
    if refusal is not None:
        _end(emulator, checkout, REFUSED, refusal)
    elif checkout.declined:
        _end(emulator, checkout, DECLINED, CARD_DECLINED)
    else:
        _take(emulator, bot, checkout, invoice)


def _end(emulator: Emulator, checkout: Checkout, state: str, error: str | None = None) -> None:
    checkout.state, checkout.error = state, error
    emulator.world.touch("checkout", checkout.id)
    emulator.checkouts.ring(checkout.id)


def _take(emulator: Emulator, bot: Bot, checkout: Checkout, invoice: Message) -> None:
    checkout.charge = f"tg_{checkout.id}"
    shown: Json = invoice.api["invoice"]
    payment = {
        "currency": shown["currency"],
        "total_amount": shown["total_amount"],
        "invoice_payload": (invoice.payable or {})["payload"],
        "telegram_payment_charge_id": checkout.charge,
        "provider_payment_charge_id": f"pr_{checkout.id}",
    }
    invoice.paid_by.append(checkout.user_id)
    owner = emulator.world.chat(bot, checkout.owner_id)
    emulator.changed(owner, invoice, by_bot=False)
    acting.put(emulator, bot, checkout.user_id, {"successful_payment": payment})
    _end(emulator, checkout, PAID)
