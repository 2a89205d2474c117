"""The messages about deposits: made when they are sent, so that they say what is true then."""

from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from shared.contracts.payments import WaiveDeposit
from shared.i18n.translator import Translator
from worker.db.models.delivery import State
from worker.db.models.payments import PaymentState
from worker.keeping.repository import load_held
from worker.outbox import writer
from worker.outbox.handler import MessageContext, MessageHandler, MessageType
from worker.outbox.invoice import Invoice
from worker.outbox.message import ClaimedMessage, TimerSetting
from worker.outbox.messenger import Messenger
from worker.outbox.priority import Priority
from worker.payments import promises, repository, views
from worker.payments.repository import AskedDeposit
from worker.payments.rules import payload_of
from worker.runtime.repository import UNFOUNDED, load_facts
from worker.ui.deposits import money
from worker.ui.graphemes import cut
from worker.ui.view import View
from worker.visits.repository import Visit

LONGEST_TITLE: Final = 32
LONGEST_DESCRIPTION: Final = 255


@dataclass(frozen=True, slots=True)
class Addressee:
    """In which words, and by which clock, somebody reads it."""

    texts: Translator
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class InvoiceToSend:
    """An invoice, and the one before it, which goes."""

    invoice: Invoice
    before: int | None


class InvoiceMessage(MessageHandler[InvoiceToSend]):
    """The invoice of a deposit, for as long as its time is held."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> InvoiceToSend | State:
        """Make it of the visit as it is held."""
        asked, token = await _asked(context, claimed), context.settings.payment_provider_token
        if asked is None or asked.state is not PaymentState.ASKED or asked.booking_id is None:
            return State.VOID
        visit = await load_held(context.session, asked.booking_id, context.now)
        units = asked.money.units
        if visit is None or token is None or units is None:
            return State.VOID
        texts = context.translators.choose(*visit.customer_languages)
        return InvoiceToSend(_invoice(texts, visit, asked, units, token), asked.invoice_message_id)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: InvoiceToSend) -> int | None:
        """Send it in place of the one before; none where Telegram takes no such invoice."""
        sent = await messenger.send_invoice(claimed.message.chat_id, content.invoice)
        if content.before is not None and sent is not None:
            await messenger.delete(claimed.message.chat_id, content.before)
        return sent

    async def on_sent(
        self,
        context: MessageContext,
        claimed: ClaimedMessage,
        _content: InvoiceToSend,
        message_id: int | None,
    ) -> None:
        """Note which message it is; have one that is open no more go, and do without where there is none."""
        payment_id = claimed.message.payload["payment_id"]
        if message_id is None:
            waiving = TimerSetting(WaiveDeposit(payment_id=payment_id), context.now)
            await writer.enqueue(
                context.session, [], context.now, timers={promises.lapsing(payment_id): waiving}
            )
            return
        asked = await repository.load(context.session, payment_id, lock=True)
        await repository.note_invoice(context.session, payment_id, message_id)
        if asked is not None and asked.state is PaymentState.LAPSED:
            await context.enqueue([promises.withdrawal(asked.person_id, message_id)])


class LapsedMessage(MessageHandler[View]):
    """That a time is held no longer, in the message that said that it is."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Say so, unless it was paid for meanwhile."""
        asked = await _asked(context, claimed)
        if asked is None or asked.state is not PaymentState.LAPSED:
            return State.VOID
        return views.lapsed((await _reader(context, claimed)).texts, asked)

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Show it there, else in a message of its own."""
        return await messenger.show(claimed.message.chat_id, claimed.message.payload["shown_in"], content)


class Withdrawal(MessageHandler[int]):
    """A message goes away that says what is so no longer."""

    async def prepare(self, _context: MessageContext, claimed: ClaimedMessage) -> int | State:
        """Return which one."""
        return int(claimed.message.payload["message_id"])

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: int) -> int | None:
        """Delete it; Telegram keeps those that are two days old."""
        await messenger.delete(claimed.message.chat_id, content)
        return None


class _OwnMessage(MessageHandler[View]):
    """A message of its own."""

    async def send(self, messenger: Messenger, claimed: ClaimedMessage, content: View) -> int | None:
        """Send it."""
        return await messenger.send(claimed.message.chat_id, content)


class RefundNotice(_OwnMessage):
    """That money is to be returned, for an owner."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Say which, unless it was returned meanwhile."""
        tasks = await repository.load_refunds(context.session, claimed.message.payload["payment_id"])
        if not tasks:
            return State.VOID
        reader = await _reader(context, claimed)
        return views.refund(reader.texts, tasks[0], reader.zone)


class WaivedNotice(_OwnMessage):
    """That a visit was booked without its deposit, for an owner."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Say which amount Telegram did not take."""
        asked = await _asked(context, claimed)
        return (
            State.VOID
            if asked is None
            else views.waived((await _reader(context, claimed)).texts, asked.money)
        )


class DoubtNotice(_OwnMessage):
    """That money may have been taken of which Telegram never told, for an owner."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Say who may have paid what, unless it is known by now."""
        asked = await _asked(context, claimed)
        if asked is None or asked.state is not PaymentState.LAPSED or asked.allowed_at is None:
            return State.VOID
        reader, name = await _reader(context, claimed), await repository.load_payer(context.session, asked)
        return views.doubt(reader.texts, asked, name, asked.allowed_at.astimezone(reader.zone))


class ReturnedWord(_OwnMessage):
    """That money was sent back, for whoever had paid it."""

    async def prepare(self, context: MessageContext, claimed: ClaimedMessage) -> View | State:
        """Say how much."""
        asked = await _asked(context, claimed)
        if asked is None or asked.state is not PaymentState.RETURNED:
            return State.VOID
        return views.returned((await _reader(context, claimed)).texts, asked.money)


def _invoice(texts: Translator, visit: Visit, asked: AskedDeposit, units: int, token: SecretStr) -> Invoice:
    local = visit.start.astimezone(ZoneInfo(visit.timezone))
    about = texts.text(
        "Deposit for {service} with {specialist}, {day}, {time}",
        service=visit.service,
        specialist=visit.specialist,
        day=texts.short_day(local.date()),
        time=texts.time(local),
    )
    return Invoice(
        title=cut(visit.service, LONGEST_TITLE),
        description=cut(about, LONGEST_DESCRIPTION),
        payload=payload_of(asked.id),
        start_parameter=f"pay{asked.id}",
        currency=asked.money.currency,
        label=texts.text("Deposit"),
        units=units,
        pay=texts.text("Pay {price}", price=money(texts, asked.money)),
        token=token,
    )


async def _asked(context: MessageContext, claimed: ClaimedMessage) -> AskedDeposit | None:
    return await repository.load(context.session, claimed.message.payload["payment_id"])


async def _reader(context: MessageContext, claimed: ClaimedMessage) -> Addressee:
    """Choose the language and the clock for whoever reads it."""
    facts = await load_facts(context.session, claimed.message.chat_id)
    user, business = facts.user, facts.business or UNFOUNDED
    own = () if user is None else (user.language, user.language_hint)
    return Addressee(context.translators.choose(*own, business.language), business.zone)


MESSAGES: Final[tuple[MessageType[Any], ...]] = (
    MessageType(promises.INVOICE, Priority.REPLY, InvoiceMessage()),
    MessageType(promises.LAPSED, Priority.REMINDER, LapsedMessage()),
    MessageType(promises.WITHDRAW, Priority.REMINDER, Withdrawal()),
    MessageType(promises.REFUND, Priority.REMINDER, RefundNotice()),
    MessageType(promises.WAIVED, Priority.REMINDER, WaivedNotice()),
    MessageType(promises.DOUBT, Priority.REMINDER, DoubtNotice()),
    MessageType(promises.RETURNED, Priority.REMINDER, ReturnedWord()),
)
