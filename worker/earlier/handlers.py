"""Wanting a visit earlier."""

from dataclasses import replace

from shared.contracts.earlier import AskEarlier, EndEarlier, WantEarlier
from worker.earlier import repository, views
from worker.earlier.replies import not_agreed
from worker.offers.repository import OfferState
from worker.offers.settling import pass_on
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.replies import TOO_LATE, card_reply
from worker.visits.repository import Visit
from worker.visits.rules import can_be_earlier
from worker.waitlist.replies import wish_reply
from worker.wishes.repository import add_wish


@reads(AskEarlier, access=OWN_VISIT)
async def ask_earlier(context: RequestContext, _: AskEarlier, visit: Visit) -> Reply:
    """Ask from when on, or show what was said before."""
    if refusal := await _not_earlier(context, visit, visit.version):
        return refusal
    return Reply(views.question(context.texts, visit, context.today, context.now), card=visit.id)


@writes(WantEarlier, access=OWN_VISIT_LOCKED)
async def want_earlier(context: RequestContext, command: WantEarlier, visit: Visit) -> Reply:
    """Put a visit that would rather be earlier at the end of the line."""
    if refusal := await _not_earlier(context, visit, command.version):
        return refusal
    last = visit.start.astimezone(context.zone).date()
    values = {
        "customer_id": visit.customer_id,
        "service_id": visit.service_id,
        "specialist_id": visit.specialist_id,
        "location_id": visit.location_id,
        "booking_id": visit.id,
        "first_day": min(max(command.first_day, context.today), last),
        "last_day": last,
    }
    entry_id = await add_wish(context.session, values, context.now)
    told = context.texts.text("You will be told here when an earlier time frees up.")
    return replace(await wish_reply(context, entry_id, toast=told), changed=True, outcome="wished")


async def _not_earlier(context: RequestContext, visit: Visit, version: int) -> Reply | None:
    """Answer who cannot say it, or has said it; None for all others."""
    if refusal := not_agreed(context, visit, version):
        return refusal
    entry_id = await repository.load_standing_wish(context.session, visit.id)
    if entry_id is not None:
        return await wish_reply(context, entry_id)
    if can_be_earlier(visit, context.now):
        return None
    if not visit.may_be_earlier:
        return card_reply(context, visit, toast=context.texts.text("Not offered any more."), alert=True)
    none = context.texts.text("No time before it can be booked any more.")
    return card_reply(context, visit, toast=none, alert=True, outcome=TOO_LATE)


@writes(EndEarlier, access=TIMERS_ONLY)
async def end_earlier(context: RequestContext, command: EndEarlier) -> Reply:
    """Pass on what is offered in the place of a visit that was moved or cancelled."""
    for offer in await repository.load_left_offers(context.session, command.booking_id):
        await pass_on(context, offer, OfferState.WITHDRAWN)
    await repository.end_of_cancelled(context.session, command.booking_id, context.now)
    return Reply(changed=True)
