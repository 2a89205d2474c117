"""Choosing a visit and its time, and taking it."""

from dataclasses import replace
from operator import attrgetter
from typing import Final

from shared.contracts.booking import (
    AddService,
    AskService,
    Book,
    BookAgain,
    FindServices,
    LeaveSummary,
    Move,
    ShowDay,
    ShowMonth,
    ShowServices,
    ShowSoonest,
    ShowSpecialists,
    ShowSummary,
    ShowTime,
    StartMove,
)
from worker.behalf import replies as behalf
from worker.behalf.access import FOR_ANYBODY, FOR_ANYBODY_OR_MOVED
from worker.behalf.flow import on_behalf
from worker.catalogue import repository, views
from worker.catalogue.replies import not_offered
from worker.catalogue.rules import found
from worker.choosing.day import day_page
from worker.choosing.rules import on_the_clock
from worker.choosing.soonest import soonest_page
from worker.choosing.weeks import weeks_reply
from worker.combining.replies import addable_page, last_time, who_and_what_else
from worker.db.models.booking import Status
from worker.forms.replies import before_booking, keep
from worker.moving import replies as moving
from worker.moving.access import MOVABLE_VISIT, MOVABLE_VISIT_LOCKED
from worker.moving.rules import is_by_staff
from worker.payments import replies as payments
from worker.placement import bars
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, place
from worker.placement.repository import take_back
from worker.requests import promises as requests
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.summary.offering import wish_of
from worker.summary.replies import look_again, not_placed, summary_page, terms_of, times_again
from worker.summary.rules import asked_for, changed_terms
from worker.ui.party import within
from worker.ui.reply import Reply
from worker.visits import promises
from worker.visits.access import OWN_VISIT
from worker.visits.repository import Visit

WAVERING: Final = 2
"""Who cancelled so many visits lately may cancel this one, too, before anybody has to hear of it."""


@reads(ShowServices, access=FOR_ANYBODY)
@on_behalf
async def show_services(context: RequestContext, command: ShowServices) -> Reply:
    """Show the services to choose from."""
    if refusal := bars.not_now(context):
        return refusal
    services = await repository.load_services(context.session, context.booked_for.id, command.specialist_id)
    if command.specialist_id is not None and not services:
        return not_offered(context)
    view = views.services(context.texts, context.business, services, command)
    unasked = command.model_copy(update={"customer": None, "specialist_id": None}) == ShowServices()
    last = await last_time(context, services) if services and unasked else None
    return Reply(view if last is None else views.with_the_last(context.texts, view, last))


@writes(AskService, access=FOR_ANYBODY)
@on_behalf
async def ask_service(context: RequestContext, _: AskService) -> Reply:
    """Ask what is looked for."""
    return Reply(views.search_question(context.texts), changed=True, asks=FindServices(text=""))


@writes(FindServices, access=FOR_ANYBODY)
@on_behalf
async def find_services(context: RequestContext, command: FindServices) -> Reply:
    """Show the services whose names hold what was typed."""
    services = await repository.load_services(context.session, context.booked_for.id)
    fitting = found(services, command.text, attrgetter("name"))
    return Reply(views.found_services(context.texts, context.business, fitting), changed=True)


@reads(ShowSpecialists, access=FOR_ANYBODY)
@on_behalf
async def show_specialists(context: RequestContext, command: ShowSpecialists) -> Reply:
    """Show who does a service; before that where, if they work at more than one place."""
    if refusal := bars.not_now(context):
        return refusal
    return await who_and_what_else(context, command)


@reads(AddService, access=FOR_ANYBODY)
@on_behalf
async def add_service(context: RequestContext, command: AddService) -> Reply:
    """Show what can follow what is chosen so far."""
    return bars.not_now(context) or await addable_page(context, command)


@reads(ShowSoonest, access=FOR_ANYBODY_OR_MOVED)
@on_behalf
async def show_soonest(context: RequestContext, command: ShowSoonest, moved: Visit | None) -> Reply:
    """Show the soonest times."""
    if refusal := bars.not_now(context):
        return refusal
    return await soonest_page(context, command, moved)


@reads(BookAgain, access=OWN_VISIT)
async def book_again(context: RequestContext, _: BookAgain, visit: Visit) -> Reply:
    """Show the soonest times for what a visit was, with the same specialist."""
    if refusal := bars.not_now(context):
        return refusal
    what = {"service_id": visit.service_id, "specialist_id": visit.specialist_id, "added": visit.added}
    return await soonest_page(context, ShowSoonest(**what))


@reads(ShowMonth, access=FOR_ANYBODY_OR_MOVED)
@on_behalf
async def show_month(context: RequestContext, command: ShowMonth, _moved: Visit | None) -> Reply:
    """Show weeks to choose a day in."""
    if refusal := bars.not_now(context):
        return refusal
    return await weeks_reply(context, command)


@reads(ShowDay, access=FOR_ANYBODY_OR_MOVED)
@on_behalf
async def show_day(context: RequestContext, command: ShowDay, _moved: Visit | None) -> Reply:
    """Show a day's free times."""
    if refusal := bars.not_now(context):
        return refusal
    return await day_page(context, command)


@writes(ShowSummary, access=FOR_ANYBODY_OR_MOVED, runs_again=True)
@on_behalf
async def show_summary(context: RequestContext, command: ShowSummary, moved: Visit | None) -> Reply:
    """Hold the time and ask what the service asks, then show what is about to be confirmed.

    A time that is gone leads back to the day's others.
    """
    return await summary_page(context, command, moved)


@writes(LeaveSummary, access=FOR_ANYBODY_OR_MOVED, runs_again=True)
@on_behalf
async def leave_summary(context: RequestContext, command: LeaveSummary, moved: Visit | None) -> Reply:
    """Let the time go that the summary held, and show those that it was chosen from."""
    return bars.not_now(context) or await times_again(context, command, moved)


@writes(ShowTime, runs_again=True)
async def show_time(context: RequestContext, command: ShowTime) -> Reply:
    """Show what a link to a time leads to; a time that the clock does not show leads to its day."""
    start = on_the_clock(command.day, command.clock, context.zone)
    named = command.model_dump(include={"service_id", "specialist_id", "added"})
    if start is not None:
        return await summary_page(context, ShowSummary(start=start, **named))
    day = await day_page(context, ShowDay(day=command.day, **named))
    no_time = context.texts.text("The clock does not show that time on that day.")
    return replace(day, toast=day.toast or no_time, alert=True)


@writes(Book, access=FOR_ANYBODY)
@on_behalf
async def book(context: RequestContext, command: Book) -> Reply:
    """Book the visit, or say why not and offer the day's other times.

    A second tap on 'Confirm' finds the visit that the first one booked.
    """
    request = wish_of(command, command.service_id)
    asks = context.customer is None and bars.is_limited(context)
    new = NewVisit(context.booked_for.id, context.business.currency, asks=asks)
    outcome = await place(context.session, request, context.now, new, limited=bars.is_limited(context))
    if not isinstance(outcome, Booked):
        held = await payments.held_already(context, command)
        return held or await not_placed(context, asked_for(command), outcome)
    visit = outcome.visit
    due = await payments.due_of(
        context, visit.deposit_terms, visit.price, visit.currency, places=visit.places
    )
    changed = changed_terms(command.terms, terms_of(visit, due))
    if changed or visit.places > within(visit.places, visit.most_places):
        await take_back(context.session, visit.id)
        return await look_again(context, asked_for(command), changed)
    form = await before_booking(context, asked_for(command), visit)
    if isinstance(form, Reply):
        await take_back(context.session, visit.id)
        return form
    visit = await keep(context, visit, form)
    if visit.status is not Status.PENDING and visit.deposit_terms is not None and due is not None:
        return await payments.hold(context, visit, visit.deposit_terms, due)
    if context.customer is not None:
        return await behalf.booked(context, visit)
    return await _booked(context, visit, wavering=outcome.standing.cancelled >= WAVERING)


async def _booked(context: RequestContext, visit: Visit, *, wavering: bool) -> Reply:
    if visit.status is Status.PENDING:
        await requests.of_request(context, visit)
        told = context.texts.text("Asked. You will be told the answer.")
        return Reply(toast=told, changed=True, outcome="asked")
    await promises.of_booking(context, visit, wavering=wavering)
    return Reply(toast=context.texts.text("Booked!"), changed=True, outcome="confirmed")


async def _asked_anew(context: RequestContext, before: Visit, moved: Visit, *, by_staff: bool) -> Reply:
    if by_staff:
        await requests.of_proposal(context, before, moved)
        told = context.texts.text("Proposed. You will be told the answer.")
        return replace(moving.moved_card(context, moved, toast=told), changed=True, outcome="proposed")
    await requests.of_moved_request(context, before, moved)
    told = context.texts.text("Asked. You will be told the answer.")
    return Reply(toast=told, changed=True, outcome="asked")


@reads(StartMove, access=MOVABLE_VISIT)
async def start_move(context: RequestContext, command: StartMove, visit: Visit) -> Reply:
    """Show the soonest times to move a visit to, with the same specialist."""
    if refusal := bars.not_now(context) or moving.not_moved(context, visit, command.moving.version):
        return refusal
    asked = ShowSoonest(service_id=visit.service_id, specialist_id=visit.specialist_id, moving=command.moving)
    return await soonest_page(context, asked, visit)


@writes(Move, access=MOVABLE_VISIT_LOCKED)
async def move(context: RequestContext, command: Move, visit: Visit) -> Reply:
    """Move the visit, or say why not and offer the day's other times.

    A second tap on 'Confirm' finds the visit where the first one moved it. What staff move stays with its
    specialist: nobody puts a visit into somebody else's calendar so. Another time for a request is
    proposed to its customer.
    """
    by_staff = is_by_staff(visit, context.user.id)
    if by_staff:
        command = command.model_copy(update={"specialist_id": visit.specialist_id})
    if nothing_to_do := moving.nothing_to_move(context, command, visit):
        return nothing_to_do
    wish = wish_of(command, visit.service_id, visit, anyway=by_staff)
    request = replace(wish, asks=not by_staff, proposed=by_staff)
    outcome = await place(context.session, request, context.now, visit, limited=bars.is_limited(context))
    if not isinstance(outcome, Booked):
        return await not_placed(context, asked_for(command, visit.service_id), outcome, visit)
    moved = outcome.visit
    if changed := changed_terms(command.terms, terms_of(moved)):
        return await look_again(context, asked_for(command, visit.service_id), changed, visit)
    if moved.status is Status.PENDING:
        return await _asked_anew(context, visit, moved, by_staff=by_staff)
    toast = moving.moved(context, moved)
    if by_staff:
        await promises.of_staff_move(context, visit, moved)
        card = moving.moved_card(context, moved, toast=toast)
        return replace(card, changed=True, outcome="moved")
    await promises.of_move(context, visit, moved)
    return Reply(toast=toast, changed=True, outcome="moved")
