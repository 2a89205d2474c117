"""An offer is taken in the place of a visit: it moves onto what is held, and its old time goes on."""

from worker.db.models.booking import Status
from worker.keeping.repository import load_held
from worker.offers import promises as offer_promises
from worker.offers import repository as offers
from worker.offers.repository import HeldOffer, OfferState
from worker.placement.placement import Booked, BookingRequest, place
from worker.placement.rules import Barred
from worker.runtime.context import RequestContext
from worker.visits import promises
from worker.visits.repository import Visit, load_own
from worker.wishes.repository import Wish


async def move_onto(context: RequestContext, offer: HeldOffer, wish: Wish | None) -> OfferState | None:
    """Move the visit; return where the offer stands then, None where its customer has another visit then.

    Nothing is written unless it is taken. Without a `wish` it has ended meanwhile, with the time of the
    visit that it was about.
    """
    visit = None if wish is None else await _visit_of(context, wish, offer)
    if visit is None:
        return OfferState.WITHDRAWN
    held = await load_held(context.session, offer.booking_id, context.now)
    if held is None:
        return OfferState.LAPSED
    request = BookingRequest(visit.service_id, held.specialist_id, held.start, held.location_id)
    outcome = await place(context.session, request, context.now, visit, limited=False)
    if not isinstance(outcome, Booked):
        return None if isinstance(outcome, Barred) else OfferState.LAPSED
    await offers.settle_offer(context.session, offer.id, OfferState.TAKEN, context.now, visit.id)
    offer_promises.of_settling(context, offer, shown=True)
    offer_promises.offer_on(context, offer)
    await promises.of_move(context, visit, outcome.visit, offered=True)
    return OfferState.TAKEN


async def _visit_of(context: RequestContext, wish: Wish, offer: HeldOffer) -> Visit | None:
    """Load the visit that would move, locked; None where it stands no more, or is not after the offer."""
    if wish.booking_id is None:
        return None
    visit = await load_own(context.session, wish.booking_id, context.user.id, lock=True)
    if visit is None or visit.status is not Status.CONFIRMED or not visit.wants_earlier:
        return None
    return visit if visit.start > offer.start else None
