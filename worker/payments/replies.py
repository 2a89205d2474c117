"""Answers that several handlers of deposits give, and what comes of money."""

from typing import Final

from shared.contracts.booking import Book
from shared.envelope import NOBODY
from shared.telegram.currencies import DIGITS
from worker.db.models.booking import Awaited, Status
from worker.db.models.payments import PaymentState
from worker.deposit import DepositTerms, Money, Payer
from worker.forms.repository import write_answers
from worker.keeping.repository import await_payment, cancel, confirm, ended, let_go, load_held
from worker.payments import promises, repository, views
from worker.payments.repository import AskedDeposit, Charge, Refund
from worker.payments.rules import pay_request_until, pay_until
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, BookingRequest, place
from worker.price import Price
from worker.requests import promises as requests
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import repository as visits
from worker.visits.freed import freed
from worker.visits.promises import of_booking, promise_anew
from worker.visits.repository import Visit

HELD, PAID, TO_RETURN, UNPAYABLE = "held", "paid", "to_return", "unpayable"
"""What may come of it, for the metrics."""
FIELDS: Final = frozenset({"deposit", "deposit_for", "keep_deposit"})
"""Of a service in the business file."""


async def due_of(
    context: RequestContext,
    terms: DepositTerms | None,
    price: Price | None,
    currency: str,
    *,
    places: int = 1,
    payer: int | None = None,
) -> Money | None:
    """Return what is paid ahead of a visit at that price, by `payer`, else by whoever asks; None is nothing.

    The price is that of all its places.

    Nobody does for whom staff book, nor anybody where no payment provider's token is set.
    """
    if terms is None or context.customer is not None or context.settings.payment_provider_token is None:
        return None
    if terms.payer is Payer.NEW and await repository.has_been_here(context.session, payer or context.user.id):
        return None
    return terms.deposit.due(price, currency, places)


def warning_of(context: RequestContext, field: str) -> str:
    """Say what stands in the way of a service's deposit; nothing of other fields, and where nothing does."""
    texts, currency = context.texts, context.business.currency
    if field not in FIELDS:
        return ""
    if context.settings.payment_provider_token is None:
        return texts.text(
            "Deposits are off: whoever runs the bot has to set PAYMENT_PROVIDER_TOKEN. Until then visits are "
            "booked without."
        )
    if currency not in DIGITS:
        return texts.text(
            "Telegram takes no payments in {currency}: visits are booked without a deposit.",
            currency=currency,
        )
    return ""


async def hold(context: RequestContext, visit: Visit, terms: DepositTerms, due: Money) -> Reply:
    """Hold a time that was just placed until its deposit is paid, and send the invoice."""
    until = pay_until(visit.start, terms, context.now)
    await repository.hold(context.session, visit.id, until)
    shown_in = context.tapped_message_id
    asked = await repository.ask(context.session, visit, due, shown_in, until, keeps=terms.keeps)
    promises.of_hold(context, asked, until)
    held = await load_held(context.session, visit.id, context.now)
    view = views.held(context.texts, held or visit, asked, context.now)
    return Reply(view, toast=context.texts.text("Held for you."), changed=True, outcome=HELD)


async def ask_for(context: RequestContext, visit: Visit, terms: DepositTerms, due: Money) -> Visit | None:
    """Keep the time of a request that everybody agreed on until its deposit is paid, and send the invoice.

    None where the request is over by now.
    """
    until = pay_request_until(visit.start, terms, context.now)
    agreed = await await_payment(context.session, visit.id, until, context.now)
    if agreed is None:
        return None
    asked = await repository.ask(context.session, agreed, due, None, until, keeps=terms.keeps)
    await requests.of_agreement(context, agreed)
    promises.of_hold(context, asked, until)
    return agreed


async def held_already(context: RequestContext, command: Book) -> Reply | None:
    """Show what is held of a time that somebody confirms once more; None where they pay for no such time."""
    person_id = context.booked_for.id
    payment_id = await repository.load_open(context.session, person_id, command.service_id, command.start)
    asked = await repository.load(context.session, payment_id)
    visit = None if asked is None else await held_visit(context, asked)
    if asked is None or visit is None:
        return None
    return Reply(views.held(context.texts, visit, asked, context.now))


async def held_visit(context: RequestContext, asked: AskedDeposit) -> Visit | None:
    """Load what is held for a deposit; None where the hold is over or gone."""
    if asked.booking_id is None:
        return None
    return await load_held(context.session, asked.booking_id, context.now)


async def invoice(context: RequestContext, asked: AskedDeposit) -> Reply:
    """Send an invoice once more, in place of the one before; say why not where it cannot be paid."""
    if asked.state not in {PaymentState.ASKED, PaymentState.LAPSED}:
        return Reply(toast=context.texts.text("This is paid already."), alert=True)
    if asked.state is PaymentState.LAPSED or await held_visit(context, asked) is None:
        return Reply(views.lapsed(context.texts, asked))
    promises.promise_invoice(context, asked, f"invoice:{asked.id}:{context.envelope.update_id}")
    return Reply(toast=context.texts.text("Here is the invoice."), changed=True)


def is_owed(asked: AskedDeposit, payer: int, money: Money) -> bool:
    """Tell whether money is what was asked for, and not paid yet."""
    open_ = asked.state in {PaymentState.ASKED, PaymentState.LAPSED}
    return open_ and asked.person_id == payer and asked.money == money


async def paid(context: RequestContext, asked: AskedDeposit, charge: Charge) -> Reply:
    """Book what was paid for: what is held, or the time itself where it is free once more."""
    held = await held_visit(context, asked)
    visit = await _confirmed(context, asked) or await _booked_anew(context, asked)
    booking_id = None if visit is None else visit.id
    await repository.take(context.session, asked.id, charge, booking_id, context.now)
    context.cancel_timer(promises.lapsing(asked.id))
    promises.withdraw(context, asked, asked.shown_in)
    if visit is None:
        await promises.tell_owners(context, asked.id)
        return Reply(views.too_late(context.texts, asked), changed=True, outcome=TO_RETURN)
    context.note(visit.id, "paid", amount=f"{asked.money.amount}", currency=asked.money.currency)
    await booked(context, visit, held)
    return Reply(changed=True, outcome=PAID)


async def booked(context: RequestContext, visit: Visit, held: Visit | None) -> None:
    """Promise what a visit promises whose deposit is settled; a request's specialist knows of it already."""
    if held is not None and held.status is Status.PENDING:
        await requests.of_payment(context, visit)
    else:
        await of_booking(context, visit)


async def stray(context: RequestContext, money: Money, charge: Charge) -> Reply:
    """Keep money that nobody had asked for, and have it returned."""
    payment_id = await repository.note_stray(context.session, context.user.id, money, charge, context.now)
    if payment_id is None:
        return Reply()
    await promises.tell_owners(context, payment_id)
    return Reply(views.stray(context.texts, money), changed=True, outcome=TO_RETURN)


async def end(context: RequestContext, asked: AskedDeposit) -> None:
    """End a hold that is not paid for: its time is free, and offered to whoever waits for it.

    A request that was accepted ends as a visit does: it stays as a row, and those who accepted it are told.
    """
    await repository.lapse(context.session, asked.id)
    await promises.of_doubt(context, asked)
    if asked.booking_id is None:
        return
    visit = await let_go(context.session, asked.booking_id)
    if visit is not None:
        freed(context, visit)
        return
    agreed = await visits.load(context.session, asked.booking_id, lock=True)
    if agreed is not None and agreed.awaits is Awaited.PAYMENT:
        await cancel(context.session, agreed)
        await requests.of_unpaid(context, ended(agreed))


async def lapse(context: RequestContext, asked: AskedDeposit) -> None:
    """End what is not paid for, and say so; of what was cancelled meanwhile only the invoice goes.

    Nobody is held to have left unpaid what they had not to pay for.
    """
    visit = None if asked.booking_id is None else await visits.load(context.session, asked.booking_id)
    if visit is not None and visit.status is Status.CANCELLED:
        await repository.waive(context.session, asked.id)
        await promises.of_doubt(context, asked)
        promises.withdraw(context, asked, asked.invoice_message_id)
        return
    await end(context, asked)
    promises.of_lapse(context, asked)


async def returned(context: RequestContext, task: Refund) -> None:
    """Note that money was sent back, on the visit too, and tell whoever had paid it."""
    await repository.mark_returned(context.session, task.id, context.now)
    if task.person_id != NOBODY:
        promises.promise_word_of_return(context, task.person_id, task.id)
    visit = None if task.booking_id is None else await visits.load(context.session, task.booking_id)
    if visit is not None:
        context.note(visit.id, "returned")
        promise_anew(context, visit)


async def _confirmed(context: RequestContext, asked: AskedDeposit) -> Visit | None:
    if asked.booking_id is None:
        return None
    return await confirm(context.session, asked.booking_id, context.now)


async def _booked_anew(context: RequestContext, asked: AskedDeposit) -> Visit | None:
    """Book a time that is held no longer, if it is free still: no limit stands in its way, it is paid for.

    What was answered to the service's questions before is kept with it.
    """
    if asked.service_id is None or asked.start is None:
        return None
    wish = BookingRequest(
        asked.service_id,
        asked.specialist_id,
        asked.start,
        asked.location_id,
        anyway=True,
        places=asked.places,
    )
    new = NewVisit(asked.person_id, asked.money.currency)
    outcome = await place(context.session, wish, context.now, new, limited=False)
    if not isinstance(outcome, Booked):
        return None
    await write_answers(context.session, outcome.visit.id, asked.answers)
    return outcome.visit
