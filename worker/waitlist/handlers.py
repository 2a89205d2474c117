"""Wishing for a time that is not free, and what is offered of it."""

from dataclasses import replace
from datetime import date

from shared.contracts.waitlist import (
    ChangeWish,
    DeclineOffer,
    EndWish,
    JoinWaitlist,
    KeepWish,
    LapseOffer,
    OfferFreed,
    SettleGivenWay,
    ShowWish,
    TakeOffer,
)
from worker.catalogue.replies import not_offered
from worker.keeping.repository import confirm, load_held
from worker.offers import promises as offer_promises
from worker.offers import repository as offers
from worker.offers import views as offer_views
from worker.offers.chain import offer_freed
from worker.offers.moving import move_onto
from worker.offers.repository import HeldOffer, OfferState
from worker.offers.settling import TAKEN, pass_on, settle_if_given_way, withdraw
from worker.offers.stretch import FreedStretch
from worker.placement import bars
from worker.placement.together import keep_parts
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.scheduling import refusals
from worker.scheduling.asker import Asker
from worker.scheduling.following import load_schedule
from worker.scheduling.parts import DayPart
from worker.scheduling.repository import Schedule
from worker.ui.party import within
from worker.ui.reply import Reply
from worker.visits import promises
from worker.visits.repository import Visit
from worker.waitlist import views
from worker.waitlist.access import OWN_OFFER, OWN_WISH, OWN_WISH_LOCKED
from worker.waitlist.replies import passed_on, settled_reply, summary_of_offer, wish_reply
from worker.waitlist.rules import MOST_WISHES, added_of, is_within, wished_anew
from worker.wishes import repository as wishes
from worker.wishes.repository import Wish
from worker.wishes.rules import ANY_TIME, WishedTimes, widens


@writes(JoinWaitlist)
async def join(context: RequestContext, command: JoinWaitlist) -> Reply:
    """Put a wish at the end of the line; who wishes for the same already sees that wish."""
    if refusal := bars.not_now(context):
        return refusal
    schedule = await _schedule(context, command)
    if schedule is None or not schedule.calendars:
        return not_offered(context)
    first, last = max(command.first_day, context.today), min(command.last_day, _last(context, schedule))
    if last < first:
        return Reply(toast=context.texts.text("That day has passed"), alert=True)
    own = await wishes.load_own_wishes(context.session, context.user.id, context.now, context.today)
    times = WishedTimes(specialist_id=command.specialist_id, first_day=first, last_day=last)
    for each in own:
        same = (each.service_id, *each.added) == (command.service_id, *added_of(command))
        if same and is_within(times, each) and each.booking_id is None:
            there = context.texts.text("You are in line for this already.")
            return await wish_reply(context, each.id, toast=there)
    if len(own) >= MOST_WISHES:
        return Reply(
            toast=context.texts.text("You have many wishes already: end one of them first."), alert=True
        )
    return await _add(context, command, times)


async def _add(context: RequestContext, command: JoinWaitlist, times: WishedTimes) -> Reply:
    values = {
        "customer_id": context.user.id,
        "service_id": command.service_id,
        "added": added_of(command),
        "specialist_id": times.specialist_id,
        "location_id": command.location_id,
        "first_day": times.first_day,
        "last_day": times.last_day,
    }
    entry_id = await wishes.add_wish(context.session, values, context.now)
    told = context.texts.text("You will be told here when a place frees up.")
    return replace(await wish_reply(context, entry_id, toast=told), changed=True, outcome="wished")


@reads(ShowWish, access=OWN_WISH)
async def show_wish(context: RequestContext, command: ShowWish, _wish: Wish) -> Reply:
    """Show a wish as it stands."""
    return await wish_reply(context, command.entry_id)


@writes(ChangeWish, access=OWN_WISH_LOCKED)
async def change_wish(context: RequestContext, command: ChangeWish, wish: Wish) -> Reply:
    """Wish for other times; what takes more than before goes to the end of the line."""
    schedule = await _schedule(context, wish)
    if schedule is None:
        return not_offered(context)
    last = wish.last_day if wish.booking_id else max(_last(context, schedule), wish.last_day)
    times = wished_anew(command, wish, context.today, last)
    if times is None or command.part not in {ANY_TIME, *DayPart}:
        return await wish_reply(context, wish.id, toast=context.texts.text("Those days have passed"))
    times = replace(times, places=within(command.places, wish.most_places))
    again = context.now if widens(wish, times) else None
    await wishes.change_wish(context.session, wish.id, times, again)
    return replace(await wish_reply(context, wish.id), changed=True)


@writes(EndWish, access=OWN_WISH)
async def end_wish(context: RequestContext, _: EndWish, wish: Wish) -> Reply:
    """End a wish; what is just offered of it goes to the next in line."""
    await withdraw(context, wish)
    toast = context.texts.text("Your wish has ended.")
    return Reply(views.ended(context.texts, wish), toast=toast, changed=True)


@writes(KeepWish, access=OWN_WISH_LOCKED)
async def keep_wish(context: RequestContext, _: KeepWish, wish: Wish) -> Reply:
    """Go on wishing, though such a visit has been booked."""
    await wishes.keep_wish(context.session, wish.id)
    return replace(await wish_reply(context, wish.id), changed=True)


@writes(TakeOffer, access=OWN_OFFER)
async def take_offer(context: RequestContext, _: TakeOffer, offer: HeldOffer) -> Reply:
    """Make a visit of what is held; the wish has come true and ends, and the offer is used up.

    Where the service asks more of its customers than a tap, the summary of that time comes first.
    """
    if offer.state is not OfferState.OPEN:
        return await settled_reply(context, offer)
    if refusal := bars.not_now(context):
        return refusal
    wish = await wishes.load_wish(context.session, offer.entry_id, context.now)
    if wish is None or wish.booking_id is not None:
        return await _take_in_place(context, offer, wish)
    if (more := await summary_of_offer(context, offer)) is not None:
        return more
    if (visit := await _confirmed(context, offer)) is None:
        return await passed_on(context, offer, OfferState.LAPSED)
    await offers.settle_offer(context.session, offer.id, OfferState.TAKEN, context.now)
    await wishes.end_wish(context.session, offer.entry_id, TAKEN, context.now)
    offer_promises.of_settling(context, offer, shown=True)
    offer_promises.offer_on(context, offer)
    await promises.of_booking(context, visit)
    return Reply(toast=context.texts.text("Booked!"), changed=True, outcome="taken")


async def _confirmed(context: RequestContext, offer: HeldOffer) -> Visit | None:
    """Make a visit of all that is held; None where it is over, or not held as a whole any more."""
    held = await load_held(context.session, offer.booking_id, context.now)
    if held is None or not offer.is_whole(held):
        return None
    visit = await confirm(context.session, offer.booking_id, context.now)
    return None if visit is None else await keep_parts(context.session, held, visit)


async def _take_in_place(context: RequestContext, offer: HeldOffer, wish: Wish | None) -> Reply:
    state = await move_onto(context, offer, wish)
    if state is None:
        return Reply(toast=context.texts.text("You have another visit then."), alert=True)
    if state is not OfferState.TAKEN:
        return await passed_on(context, offer, state)
    return Reply(toast=context.texts.text("Moved!"), changed=True, outcome="taken")


@writes(DeclineOffer, access=OWN_OFFER)
async def decline_offer(context: RequestContext, _: DeclineOffer, offer: HeldOffer) -> Reply:
    """Let the time go to the next in line; the wish stands."""
    if offer.state is not OfferState.OPEN:
        return await settled_reply(context, offer)
    await pass_on(context, offer, OfferState.DECLINED, shown=True)
    declined = replace(offer, state=OfferState.DECLINED)
    return Reply(offer_views.settled(context.texts, declined), changed=True, outcome="declined")


@writes(LapseOffer, access=TIMERS_ONLY)
async def lapse_offer(context: RequestContext, command: LapseOffer) -> Reply:
    """Let a time go that was not taken by its deadline."""
    offer = await offers.load_offer(context.session, command.offer_id, lock=True)
    if offer is not None and offer.state is OfferState.OPEN:
        await pass_on(context, offer, OfferState.LAPSED)
    return Reply(changed=True)


@writes(SettleGivenWay, access=TIMERS_ONLY)
async def settle_given_way(context: RequestContext, command: SettleGivenWay) -> Reply:
    """Settle an offer whose customer got a time by another way: it, one that meets it, or what they wished.

    Nothing else is held for them then; what is left of the stretch goes to the next in line.
    """
    offer = await offers.load_open_of(context.session, command.customer_id, lock=True)
    if offer is not None:
        await settle_if_given_way(context, offer)
    return Reply(changed=True)


@writes(OfferFreed, access=TIMERS_ONLY)
async def offer_what_is_free(context: RequestContext, command: OfferFreed) -> Reply:
    """Offer a stretch that is free to whoever is first in line."""
    if command.end > context.now:
        freed = FreedStretch(command.specialist_id, command.start, command.end)
        await offer_freed(context, freed, asked=command.asked)
    return Reply(changed=True)


async def _schedule(context: RequestContext, what: JoinWaitlist | Wish) -> Schedule | None:
    day = max(what.first_day, context.today)
    return await load_schedule(
        context.session,
        (what.service_id, *added_of(what)),
        day,
        day,
        Asker(context.now),
        specialist_id=what.specialist_id,
        location_id=what.location_id,
    )


def _last(context: RequestContext, schedule: Schedule) -> date:
    return refusals.last_day(schedule, context.now)
