"""Whose a wish is, and whose an offer."""

from dataclasses import dataclass

from shared.contracts.base import Command
from worker.offers import repository as offers
from worker.offers.repository import HeldOffer
from worker.runtime.access import id_named
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.wishes import repository as wishes
from worker.wishes.repository import Wish


@dataclass(frozen=True, slots=True)
class OwnWish:
    """The customer who wishes for what a command names by `entry_id`; hands on the wish.

    It is locked where the command changes it. One that has ended is nobody's.
    """

    lock: bool = False
    name: str = "own wish"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[Wish]:
        """Let the wish's customer in; a stranger learns nothing, not even that it is there."""
        entry_id = id_named(command, "entry_id")
        wish = await wishes.load_wish(context.session, entry_id, context.now, lock=self.lock)
        if wish is None or wish.customer_id != context.user.id:
            return Reply(toast=context.texts.text("You have no such wish, or it has ended."), alert=True)
        return (wish,)


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """The customer to whom something was offered; hands on the offer, locked."""

    name: str = "own offer"

    async def admit(self, context: RequestContext, command: Command, /) -> Reply | tuple[HeldOffer]:
        """Let them in; a stranger learns nothing, not even that it is there."""
        offer_id = id_named(command, "offer_id")
        offer = await offers.load_offer(context.session, offer_id, lock=True)
        if offer is None or offer.customer_id != context.user.id:
            return Reply(toast=context.texts.text("This was not offered to you."), alert=True)
        return (offer,)


OWN_WISH, OWN_WISH_LOCKED, OWN_OFFER = OwnWish(), OwnWish(lock=True), OwnOffer()
