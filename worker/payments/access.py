"""Whose a deposit is."""

from dataclasses import dataclass

from shared.contracts.base import Command
from worker.payments import repository
from worker.payments.repository import AskedDeposit
from worker.runtime.access import id_named
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


@dataclass(frozen=True, slots=True)
class OwnDeposit:
    """The customer who is asked for the deposit that a command names by `payment_id`; hands it on, locked."""

    name: str = "own deposit"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[AskedDeposit]:
        """Let them in; a stranger learns nothing, not even that it is there."""
        payment_id = id_named(command, "payment_id")
        asked = await repository.load(context.session, payment_id, lock=True)
        if asked is None or asked.person_id != context.user.id:
            return Reply(toast=context.texts.text("This invoice is not yours."), alert=True)
        return (asked,)


OWN_DEPOSIT = OwnDeposit()
