"""What Telegram asks before it takes money, what follows once it has, and what goes back."""

from shared.contracts.payments import (
    AskInvoice,
    AskInvoiceOf,
    CheckPayment,
    LapsePayment,
    LetGo,
    MarkReturned,
    NotePayment,
    ShowRefund,
    ShowRefunds,
    WaiveDeposit,
)
from worker.db.models.payments import PaymentState
from worker.deposit import Money
from worker.keeping.repository import confirm, load_held
from worker.payments import promises, replies, repository, views
from worker.payments.access import OWN_DEPOSIT
from worker.payments.repository import AskedDeposit, Charge
from worker.payments.rules import Unpayable, payment_in, refusal
from worker.placement import bars
from worker.runtime.access import OWNERS, TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT
from worker.visits.replies import card_reply
from worker.visits.repository import Visit


@writes(CheckPayment, runs_again=True, keeps_question=True)
async def check_payment(context: RequestContext, command: CheckPayment) -> Reply:
    """Say whether the money may be taken; if it may, the time is held until the news of it has come.

    Who may not book at the moment may not pay either, though the time was held for them before.
    """
    if barred := bars.not_now(context):
        return Reply(toast=barred.toast, payable=False, outcome=replies.UNPAYABLE)
    asked = await repository.load(context.session, payment_in(command.payload), lock=True)
    booking_id = None if asked is None else asked.booking_id
    held = None if booking_id is None else await load_held(context.session, booking_id, context.now)
    paying = (context.user.id, command.amount, command.currency, context.now)
    why = refusal(asked, *paying, held=held is not None)
    if asked is None or why is not None or held is None:
        told = views.refused(context.texts, why or Unpayable.LAPSED)
        return Reply(toast=told, payable=False, outcome=replies.UNPAYABLE)
    await repository.allow(context.session, asked.id, held.id, context.now)
    return Reply(payable=True, changed=True)


@writes(NotePayment, keeps_question=True)
async def note_payment(context: RequestContext, command: NotePayment) -> Reply:
    """Book what was paid for; money for which there is no visit is to be returned."""
    money = Money.of_units(command.amount, command.currency)
    charge = Charge(command.charge_id, command.provider_charge_id)
    asked = await repository.load(context.session, payment_in(command.payload), lock=True)
    if await repository.is_known(context.session, charge):
        return Reply()
    if asked is None or not replies.is_owed(asked, context.user.id, money):
        return await replies.stray(context, money, charge)
    return await replies.paid(context, asked, charge)


@writes(AskInvoice, access=OWN_DEPOSIT)
async def ask_invoice(context: RequestContext, _: AskInvoice, asked: AskedDeposit) -> Reply:
    """Send the invoice once more, in place of the one before."""
    return await replies.invoice(context, asked)


@writes(AskInvoiceOf, access=OWN_VISIT)
async def ask_invoice_of(context: RequestContext, _: AskInvoiceOf, visit: Visit) -> Reply:
    """Send the invoice of a visit once more; where nothing is to be paid, its card says how it stands."""
    payment_id = await repository.load_asked_for(context.session, visit.id)
    asked = await repository.load(context.session, payment_id, lock=True)
    return card_reply(context, visit) if asked is None else await replies.invoice(context, asked)


@writes(LetGo, access=OWN_DEPOSIT)
async def let_go(context: RequestContext, _: LetGo, asked: AskedDeposit) -> Reply:
    """Let a time go that is held: nobody pays for it."""
    if asked.state is PaymentState.LAPSED:
        return Reply(views.lapsed(context.texts, asked))
    if asked.state is not PaymentState.ASKED:
        return Reply(toast=context.texts.text("This is paid already."), alert=True)
    await replies.end(context, asked)
    promises.withdraw(context, asked, asked.invoice_message_id)
    context.cancel_timer(promises.lapsing(asked.id))
    return Reply(views.let_go(context.texts, asked), changed=True)


@writes(LapsePayment, access=TIMERS_ONLY)
async def lapse_payment(context: RequestContext, command: LapsePayment) -> Reply:
    """End a hold that was not paid for; one that was prolonged meanwhile is looked at again."""
    asked = await repository.load(context.session, command.payment_id, lock=True)
    if asked is None or asked.state is not PaymentState.ASKED:
        return Reply()
    visit = await replies.held_visit(context, asked)
    if visit is not None and visit.kept_until is not None:
        context.set_timer(promises.lapsing(asked.id), command, visit.kept_until)
        return Reply(changed=True)
    await replies.lapse(context, asked)
    return Reply(changed=True)


@writes(WaiveDeposit, access=TIMERS_ONLY)
async def waive_deposit(context: RequestContext, command: WaiveDeposit) -> Reply:
    """Book a time without a deposit: Telegram took no such invoice, and that is not its customer's fault."""
    asked = await repository.load(context.session, command.payment_id, lock=True)
    if asked is None or asked.state is not PaymentState.ASKED or asked.booking_id is None:
        return Reply()
    held = await replies.held_visit(context, asked)
    visit = await confirm(context.session, asked.booking_id, context.now)
    await repository.waive(context.session, asked.id)
    if visit is None:
        await replies.lapse(context, asked)
        return Reply(changed=True)
    promises.withdraw(context, asked, asked.shown_in)
    await replies.booked(context, visit, held)
    await promises.tell_of_waiver(context, asked)
    return Reply(changed=True)


@reads(ShowRefunds, access=OWNERS)
async def show_refunds(context: RequestContext, command: ShowRefunds) -> Reply:
    """Show what is to be returned."""
    return Reply(views.refunds(context.texts, await repository.load_refunds(context.session), command))


@reads(ShowRefund, access=OWNERS)
async def show_refund(context: RequestContext, command: ShowRefund) -> Reply:
    """Show one payment that is to be returned."""
    tasks = await repository.load_refunds(context.session, command.payment_id)
    if not tasks:
        return Reply(views.no_refund(context.texts))
    return Reply(views.refund(context.texts, tasks[0], context.zone))


@writes(MarkReturned, access=OWNERS)
async def mark_returned(context: RequestContext, command: MarkReturned) -> Reply:
    """Note that money was sent back, once, and tell whoever had paid it."""
    await repository.load(context.session, command.payment_id, lock=True)
    tasks = await repository.load_refunds(context.session, command.payment_id)
    if not tasks:
        return Reply(views.no_refund(context.texts))
    await replies.returned(context, tasks[0])
    left = await repository.load_refunds(context.session)
    view = views.refunds(context.texts, left, ShowRefunds())
    return Reply(view, toast=context.texts.text("Noted."), changed=True)
