"""Whom a swap was asked."""

from dataclasses import dataclass

from shared.contracts.base import Command
from worker.runtime.context import RequestContext
from worker.swapping import repository
from worker.swapping.repository import SwapData
from worker.ui.reply import Reply
from worker.visits.repository import load_own


@dataclass(frozen=True, slots=True)
class AskedToSwap:
    """The customer of the visit whose time is asked for; hands on the swap, locked."""

    name: str = "asked to swap"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[SwapData]:
        """Let them in; a stranger learns nothing, not even that it is there."""
        swap_id: int = getattr(command, "swap_id")  # noqa: B009 - commands of several classes have it
        swap = await repository.load_swap(context.session, swap_id, lock=True)
        if swap is None or await load_own(context.session, swap.other_id, context.user.id) is None:
            return Reply(toast=context.texts.text("You were not asked this."), alert=True)
        return (swap,)


ASKED_TO_SWAP = AskedToSwap()
