"""What Telegram asks before it takes money, and what follows once it has."""

from shared.contracts.payments import CheckPayment, NotePayment
from worker.payments import repository
from worker.payments.rules import Money
from worker.runtime.capability import writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.ui.view import View


@writes(CheckPayment, runs_again=True, keeps_question=True)
async def check_payment(context: RequestContext, _: CheckPayment) -> Reply:
    """Say whether the money may be taken. Nothing is for sale yet."""
    closed = context.texts.text("This can no longer be paid. Nothing was charged.")
    return Reply(toast=closed, payable=False)


@writes(NotePayment, keeps_question=True)
async def note_payment(context: RequestContext, command: NotePayment) -> Reply:
    """Keep what was paid; money that nobody had asked for is to be returned."""
    money = Money.of_units(command.amount, command.currency)
    charge = repository.Charge(command.charge_id, command.provider_charge_id)
    if not await repository.note_stray(context.session, context.user.id, money, charge, context.now):
        return Reply()
    told = context.texts.html("There is nothing to pay for. The business was told to return your money.")
    return Reply(View(told), changed=True)
