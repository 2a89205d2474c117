"""Answers about wishes and offers."""

from dataclasses import replace

from shared.contracts.booking import ShowSummary
from worker.catalogue.repository import load_service
from worker.keeping.repository import load_held
from worker.line.repository import load_places
from worker.offers import repository as offers
from worker.offers import views as offer_views
from worker.offers.repository import HeldOffer, OfferState
from worker.offers.settling import pass_on
from worker.runtime.context import RequestContext
from worker.scheduling import refusals
from worker.scheduling.asker import Asker
from worker.scheduling.following import load_schedule
from worker.summary.replies import summary_page
from worker.ui.reply import Reply
from worker.visits.replies import card_reply
from worker.visits.repository import load, load_own
from worker.visits.views import swap_buttons
from worker.waitlist import views
from worker.waitlist.views import WishStanding
from worker.wishes import repository as wishes
from worker.wishes.repository import Wish
from worker.wishes.rules import Happened, wants, why_nothing

LATELY = 200
"""So many of the latest offers of a service are looked through for those that others had."""


async def wish_reply(context: RequestContext, entry_id: int, toast: str | None = None) -> Reply:
    """Answer with a wish as it stands."""
    wish = await wishes.load_wish(context.session, entry_id, context.now)
    if wish is None:
        return Reply(toast=context.texts.text("You have no such wish, or it has ended."), alert=True)
    return Reply(views.wish_card(context.texts, wish, await _standing(context, wish)), toast=toast)


async def _standing(context: RequestContext, wish: Wish) -> WishStanding:
    places = await load_places(context.session, [wish.id], context.today)
    schedule = await load_schedule(
        context.session, (wish.service_id, *wish.added), context.today, context.today, Asker(context.now)
    )
    last = context.today if schedule is None else refusals.last_day(schedule, context.now)
    happened = await _happened(context, wish)
    mine = await offers.load_open_of(context.session, wish.customer_id)
    moving = None if wish.booking_id is None else await load(context.session, wish.booking_id)
    return WishStanding(
        place=places[wish.id],
        why=why_nothing(happened),
        zone=context.zone,
        today=context.today,
        last=max(last, wish.last_day),
        offer=mine if mine is not None and mine.entry_id == wish.id else None,
        swap=[] if moving is None else swap_buttons(context.texts, moving, context.now),
    )


async def _happened(context: RequestContext, wish: Wish) -> Happened:
    """Find what happened last about a wish since it was made."""
    latest = await offers.load_offers_of_service(context.session, wish.service_id, wish.made_at, LATELY)
    not_taken = {OfferState.DECLINED, OfferState.LAPSED}
    mine = [each for each in latest if each.entry_id == wish.id and each.state in not_taken]
    others = [
        each for each in latest if each.customer_id != wish.customer_id and _could_be(wish, each, context)
    ]
    return Happened(
        passed_at=wish.passed_at,
        offered_to_others_at=max((each.told_at for each in others if not each.by_staff), default=None),
        chosen_others_at=max((each.told_at for each in others if each.by_staff), default=None),
        not_taken_at=max((each.deadline for each in mine), default=None),
        has_it=wish.rests(context.zone),
    )


def _could_be(wish: Wish, offer: HeldOffer, context: RequestContext) -> bool:
    """Tell whether what somebody else was offered is what is wished for: of several services all of them."""
    whole = not wish.added or offer.added == wish.added
    return whole and wants(wish, offer.start, offer.specialist_id, context.zone)


async def settled_reply(context: RequestContext, offer: HeldOffer, *, changed: bool = False) -> Reply:
    """Answer a tap on an offer that is settled: with the visit that came of it, or with what became of it."""
    if offer.state is OfferState.TAKEN:
        visit = await load_own(context.session, offer.booking_id, context.user.id)
        if visit is not None:
            return card_reply(context, visit, toast=context.texts.text("You have taken it already."))
    gone = context.texts.text("This time is not kept for you any more.")
    view = offer_views.settled(context.texts, offer)
    return Reply(view, toast=gone, alert=True, changed=changed, outcome="lapsed")


async def passed_on(context: RequestContext, offer: HeldOffer, state: OfferState) -> Reply:
    """Let go what cannot be taken any more, and say so."""
    await pass_on(context, offer, state, shown=True)
    return await settled_reply(context, replace(offer, state=state), changed=True)


async def summary_of_offer(context: RequestContext, offer: HeldOffer) -> Reply | None:
    """Show the summary of what is held, where its service asks questions, a deposit or somebody's consent.

    None where it asks nothing of the kind, and where nothing is held any more.
    """
    held = await load_held(context.session, offer.booking_id, context.now)
    if held is None:
        return None
    service = await load_service(context.session, held.service_id)
    waits = service is not None and service.approval
    if not (waits or held.is_asked_about or held.deposit_terms is not None):
        return None
    shown = ShowSummary(
        service_id=held.service_id,
        specialist_id=held.specialist_id,
        start=held.start,
        location_id=held.location_id,
        places=held.places,
        added=held.added,
    )
    return await summary_page(context, shown)
