"""An offer that is not taken: its hold goes, and the next in line is asked."""

from collections.abc import Sequence

from worker.keeping.repository import load_held, load_hold, release
from worker.offers import promises, repository
from worker.offers.repository import HeldOffer, OfferState
from worker.runtime.context import RequestContext
from worker.visits.freed import freed
from worker.visits.repository import Visit, load_ahead
from worker.wishes.repository import Wish, end_wish, load_wish

WITHDRAWN = "withdrawn"
TAKEN = "taken"


async def pass_on(
    context: RequestContext, offer: HeldOffer, state: OfferState, *, shown: bool = False
) -> None:
    """Let the time go, and have it offered to whoever is next; `shown` where the answer to a tap says so."""
    await repository.settle_offer(context.session, offer.id, state, context.now)
    await _let_go(context, offer)
    promises.of_settling(context, offer, shown=shown)
    promises.offer_on(context, offer)


async def _let_go(context: RequestContext, offer: HeldOffer) -> None:
    """Let go what is held; of several services some may wish for what was held beside the stretch."""
    held = await load_hold(context.session, offer.booking_id) if offer.added else None
    if held is not None:
        freed(context, held)
    await release(context.session, [offer.booking_id])


async def settle_if_given_way(context: RequestContext, offer: HeldOffer) -> None:
    """Settle an open offer, locked, whose customer has got a time by another way, and pass on what is left.

    They have what was offered, a visit that meets it, or what they wished for.
    """
    held = await load_held(context.session, offer.booking_id, context.now)
    own = [each for each in await load_ahead(context.session, offer.customer_id, context.now) if each.is_live]
    if held is None:
        await _settle_gone(context, offer, next((each.id for each in own if offer.is_of(each)), None))
        return
    wish = await load_wish(context.session, offer.entry_id, context.now)
    rests = wish is not None and (wish.rests(context.zone) or _is_elsewhere(held, wish, own))
    if rests or not offer.is_whole(held):
        await pass_on(context, offer, OfferState.LAPSED)


def _is_elsewhere(held: Visit, wish: Wish, own: Sequence[Visit]) -> bool:
    others = (each for each in own if each.id != wish.booking_id)
    return any(each.start < held.until and held.start < each.until for each in others)


async def _settle_gone(context: RequestContext, offer: HeldOffer, taken: int | None) -> None:
    """Settle an offer whose hold is gone: `taken` is the visit of its customer that has the time."""
    state = OfferState.LAPSED if taken is None else OfferState.TAKEN
    await repository.settle_offer(context.session, offer.id, state, context.now, taken)
    if taken is not None:
        await end_wish(context.session, offer.entry_id, TAKEN, context.now)
    promises.of_settling(context, offer)
    promises.offer_on(context, offer)


async def withdraw(context: RequestContext, wish: Wish, outcome: str = WITHDRAWN) -> bool:
    """End a wish, by its customer's will or the staff's; what is just offered of it goes to the next in line.

    Tells whether it had not ended before.
    """
    for offer in await repository.load_open_offers(context.session, [wish.id]):
        await pass_on(context, offer, OfferState.WITHDRAWN)
    return await end_wish(context.session, wish.id, outcome, context.now)
