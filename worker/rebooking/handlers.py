"""Customers are offered other times, take one, or are called; and all of it can be undone."""

from dataclasses import replace
from typing import Final

from shared.contracts.absence import TimeOffKind
from shared.contracts.rebooking import (
    EndRebooking,
    OfferAlternatives,
    ShowAlternatives,
    ShowRebooking,
    TakeAlternative,
    UndoRebooking,
    UpdateRebooked,
)
from worker.absence.rules import TimeOff, edit_of
from worker.alternatives import repository, views
from worker.alternatives.opening import ending, offering
from worker.alternatives.promises import promise_follow, promise_offer, promise_stands
from worker.alternatives.replies import close, has_chosen, load_progress, release_for, show_on_cards
from worker.alternatives.repository import KeptTime, RebookingData
from worker.alternatives.rules import UNDECIDED, AnswerState
from worker.alternatives.search import Deadline, keep_alternatives
from worker.db.locks import lock_business
from worker.placement.placement import Booked, BookingRequest, place
from worker.rebooking.repository import lock_offering
from worker.runtime.access import OWN_CALENDAR, TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import promises as visit_promises
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.replies import card_reply, refused
from worker.visits.repository import Visit, load_several
from worker.visits.repository import load as load_visit
from worker.visits.rules import obstacle_for_business

AT_ONCE: Final = 10
"""So many customers are offered other times in one transaction, so that none is long."""


@writes(OfferAlternatives, access=TIMERS_ONLY)
async def offer_alternatives(context: RequestContext, command: OfferAlternatives) -> Reply:
    """Keep times for the next customers and promise them the word; the others follow by themselves."""
    await lock_offering(context.session)
    rebooking = await repository.load(context.session, command.rebooking_id, lock=True)
    if rebooking is None or rebooking.ended_at is not None:
        return Reply(changed=True)
    waiting = await _waiting(context, rebooking)
    served = waiting[:AT_ONCE]
    deadline = Deadline(context.now, rebooking.answer_by)
    await keep_alternatives(context.session, waiting, served, deadline, context.zone)
    numbers = [visit.id for visit in served]
    await repository.write_state(context.session, rebooking.id, numbers, AnswerState.ASKED)
    for visit in served:
        promise_offer(context, rebooking.id, visit)
    await show_on_cards(context, rebooking.id)
    if len(waiting) > len(served):
        context.set_timer(offering(rebooking.id), command, context.now)
    return Reply(changed=True)


async def _waiting(context: RequestContext, rebooking: RebookingData) -> list[Visit]:
    """Return the visits whose customers are still to be asked; what was settled meanwhile is noted."""
    rebooked = await repository.load_visits(context.session, rebooking.id)
    numbers = [each.booking_id for each in rebooked if each.state is AnswerState.WAITING]
    visits = {visit.id: visit for visit in await load_several(context.session, numbers)}
    settled = [number for number in numbers if number not in visits or has_chosen(visits[number])]
    await close(context, rebooking.id, settled, AnswerState.RESOLVED)
    return [visits[number] for number in numbers if number not in settled]


@writes(EndRebooking, access=TIMERS_ONLY)
async def end_rebooking(context: RequestContext, command: EndRebooking) -> Reply:
    """Let go of what is still kept, and list for a call whoever has not answered."""
    await lock_offering(context.session)
    rebooking = await repository.load(context.session, command.rebooking_id, lock=True)
    if rebooking is None:
        return Reply(changed=True)
    rebooked = await repository.load_visits(context.session, rebooking.id)
    undecided = [each for each in rebooked if each.state in UNDECIDED]
    numbers = [each.booking_id for each in undecided]
    await close(context, rebooking.id, numbers, AnswerState.UNANSWERED)
    promise_follow(context, await load_several(context.session, numbers), undecided)
    context.cancel_timer(offering(rebooking.id))
    return Reply(changed=True)


@writes(UpdateRebooked, access=TIMERS_ONLY)
async def update_rebooked(context: RequestContext, command: UpdateRebooked) -> Reply:
    """Note that a visit was moved or cancelled by other ways, or that its customer has to be called."""
    visit = await load_visit(context.session, command.booking_id, lock=True)
    if visit is None:
        return Reply(changed=True)
    for each in await repository.load_open_of(context.session, [visit.id]):
        if has_chosen(visit):
            await close(context, each.rebooking_id, [visit.id], AnswerState.RESOLVED)
            promise_follow(context, [visit], [each])
        elif not visit.customer_reachable and each.state in UNDECIDED:
            await close(context, each.rebooking_id, [visit.id], AnswerState.CALL)
    return Reply(changed=True)


@reads(ShowAlternatives, access=OWN_VISIT)
async def show_alternatives(context: RequestContext, _: ShowAlternatives, visit: Visit) -> Reply:
    """Show a customer what is kept for them; without anything, their visit."""
    rebooked = await repository.load_open_of(context.session, [visit.id])
    if has_chosen(visit) or not rebooked:
        return card_reply(context, visit)
    rebooking = await repository.load(context.session, rebooked[-1].rebooking_id)
    kept = await repository.load_kept(context.session, [visit.id], context.now)
    if rebooking is None or not kept[visit.id]:
        return Reply(views.followed(context.texts, visit, AnswerState.UNANSWERED, context.now))
    return Reply(views.offer(context.texts, visit, kept[visit.id], rebooking.answer_by, context.now))


@writes(TakeAlternative, access=OWN_VISIT_LOCKED)
async def take_alternative(context: RequestContext, command: TakeAlternative, visit: Visit) -> Reply:
    """Move the visit to a time that is kept for its customer, and let the others go, both or neither."""
    obstacle = obstacle_for_business(visit, command.version, context.now)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    kept = await repository.load_kept(context.session, [visit.id], context.now)
    chosen = next((each for each in kept[visit.id] if each.id == command.alternative_id), None)
    if chosen is None:
        return await _not_kept(context, visit)
    rebooked = await repository.load_open_of(context.session, [visit.id])
    await release_for(context, [visit.id], taken=chosen.id)
    outcome = await place(context.session, _request(visit, chosen), context.now, visit, limited=False)
    if not isinstance(outcome, Booked):
        return await _not_kept(context, visit)
    await visit_promises.of_move(context, visit, outcome.visit, offered=True)
    for each in rebooked:
        await close(context, each.rebooking_id, [visit.id], AnswerState.RESOLVED)
    return Reply(toast=context.texts.text("Moved!"), changed=True, outcome="moved")


def _request(visit: Visit, chosen: KeptTime) -> BookingRequest:
    return BookingRequest(
        visit.service_id, chosen.specialist_id, chosen.start, location_id=visit.location_id, anyway=True
    )


async def _not_kept(context: RequestContext, visit: Visit) -> Reply:
    shown = await show_alternatives.handle(context, ShowAlternatives(booking_id=visit.id), visit)
    return replace(shown, toast=views.nothing_kept(context.texts), alert=True, outcome="conflict")


@reads(ShowRebooking, access=OWN_CALENDAR)
async def show_rebooking(context: RequestContext, command: ShowRebooking, own: int | None) -> Reply:
    """Show how far it has come."""
    rebooking = await _of_calendar(context, command.rebooking_id, own)
    if rebooking is None:
        return _not_there(context)
    found = await load_progress(context.session, rebooking, context.zone, context.now)
    return Reply(views.progress(context.texts, found))


@writes(UndoRebooking, access=OWN_CALENDAR)
async def undo_rebooking(context: RequestContext, command: UndoRebooking, own: int | None) -> Reply:
    """Make everything what it was, while nobody has chosen: the hours, the visits, and tell customers."""
    rebooking = await _of_calendar(context, command.rebooking_id, own)
    if rebooking is None:
        return _not_there(context)
    shown = await _locked_for_undo(context, command.rebooking_id)
    if shown is None or rebooking.undo is None:
        found = await load_progress(context.session, rebooking, context.zone, context.now)
        late = context.texts.text("This cannot be undone any more: a customer has chosen.")
        return Reply(views.progress(context.texts, found), toast=late, alert=True)
    if not await _hours_restored(context, TimeOff.from_json(rebooking.undo)):
        return Reply(toast=context.texts.text("This cannot be undone any more."), alert=True)
    await _take_back(context, shown)
    return Reply(toast=context.texts.text("Undone."), changed=True)


async def _of_calendar(context: RequestContext, rebooking_id: int, own: int | None) -> RebookingData | None:
    """Load a rebooking of a calendar that somebody may see; of others they learn nothing."""
    found = await repository.load(context.session, rebooking_id)
    return found if found is not None and own in {None, found.specialist_id} else None


def _not_there(context: RequestContext) -> Reply:
    return Reply(toast=context.texts.text("This is not there any more."), alert=True)


async def _hours_restored(context: RequestContext, wish: TimeOff) -> bool:
    """Make a specialist's dates what they were, where they were changed; tell whether that can be."""
    from worker.business.apply import VanishedError, change_within  # noqa: PLC0415 - only who changes pays

    if wish.how is not TimeOffKind.RESTORE:
        return True
    try:
        await change_within(context.session, edit_of(wish), context.author, lambda: context.now)
    except VanishedError:
        return False
    return True


async def _locked_for_undo(context: RequestContext, rebooking_id: int) -> views.Progress | None:
    """Lock the business and the rebooking; None where a customer has chosen, or it was undone."""
    await lock_business(context.session)
    rebooking = await repository.load(context.session, rebooking_id, lock=True)
    if rebooking is None:
        return None
    found = await load_progress(context.session, rebooking, context.zone, context.now)
    chosen = any(has_chosen(visit) for visit in found.visits.values())
    return found if found.can_be_undone and not chosen else None


async def _take_back(context: RequestContext, found: views.Progress) -> None:
    number, visits = found.rebooking.id, list(found.visits.values())
    numbers = [visit.id for visit in visits]
    await repository.waive(context.session, numbers, waived=False)
    await close(context, number, numbers, AnswerState.UNDONE)
    told = [each for each in found.rebooked if each.message_id is not None]
    promise_follow(context, visits, told)
    asked = {each.booking_id for each in found.rebooked if each.state is not AnswerState.WAITING}
    promise_stands(context, number, [visit for visit in visits if visit.id in asked])
    offered = [each.booking_id for each in found.rebooked if each.state is not AnswerState.CALL]
    for booking_id in found.visits.keys() & offered:
        context.note(booking_id, "rebooking_undone")
    for timer in (offering(number), ending(number)):
        context.cancel_timer(timer)
