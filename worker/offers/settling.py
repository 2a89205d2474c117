"""An offer that is not taken: its hold goes, and the next in line is asked."""

from worker.keeping.repository import release
from worker.offers import promises, repository
from worker.offers.repository import HeldOffer, OfferState
from worker.runtime.context import RequestContext
from worker.wishes.repository import Wish, end_wish

WITHDRAWN = "withdrawn"
TAKEN = "taken"


async def pass_on(
    context: RequestContext, offer: HeldOffer, state: OfferState, *, shown: bool = False
) -> None:
    """Let the time go, and have it offered to whoever is next; `shown` where the answer to a tap says so."""
    await repository.settle_offer(context.session, offer.id, state, context.now)
    await release(context.session, [offer.booking_id])
    promises.of_settling(context, offer, shown=shown)
    promises.offer_on(context, offer)


async def withdraw(context: RequestContext, wish: Wish) -> None:
    """End a wish by its customer's will; what is just offered of it goes to the next in line."""
    for offer in await repository.load_open_offers(context.session, [wish.id]):
        await pass_on(context, offer, OfferState.WITHDRAWN)
    await end_wish(context.session, wish.id, WITHDRAWN, context.now)
