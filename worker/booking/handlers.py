"""Choosing a visit and its time, and taking it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final

from shared.contracts.base import Command
from shared.contracts.booking import (
    AskService,
    Book,
    BookAgain,
    FindServices,
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
from worker.agenda.access import sees
from worker.behalf import replies as behalf
from worker.behalf.access import FOR_ANYBODY, FOR_ANYBODY_OR_MOVED
from worker.behalf.flow import on_behalf
from worker.booking import replies, repository, views
from worker.booking.repository import ServiceSummary
from worker.booking.rules import (
    ShownTerms,
    TermsPart,
    asked_for,
    changed_terms,
    confirmation,
    found,
    on_the_clock,
)
from worker.moving import replies as moving
from worker.moving.access import MOVABLE_VISIT, MOVABLE_VISIT_LOCKED
from worker.moving.rules import is_by_staff
from worker.placement import bars
from worker.placement.placement import (
    Booked,
    BookingRequest,
    NotBooked,
    doer_of,
    foresee,
    intent_of,
    place,
    place_of,
)
from worker.placement.repository import NewVisit, take_back
from worker.placement.rules import Bar, Barred
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.scheduling import refusals
from worker.scheduling.repository import Schedule, load_around
from worker.ui.reply import Reply
from worker.ui.view import Button
from worker.visits import promises
from worker.visits.access import OWN_VISIT
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class Offered:
    """What a summary is made from: all of it was found to be possible."""

    service: ServiceSummary
    schedule: Schedule
    wish: BookingRequest
    beside: Sequence[Visit]
    """The customer's other visits at that time."""


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
        return replies.not_offered(context)
    view = views.services(context.texts, context.business, services, command)
    first = services[0] if services and command == ShowServices() else None
    return Reply(views.with_the_last(context.texts, view, first))


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
    return await replies.specialists_page(context, command)


@reads(ShowSoonest, access=FOR_ANYBODY_OR_MOVED)
@on_behalf
async def show_soonest(context: RequestContext, command: ShowSoonest, moved: Visit | None) -> Reply:
    """Show the soonest times."""
    if refusal := bars.not_now(context):
        return refusal
    return await replies.soonest_page(context, command, moved)


@reads(BookAgain, access=OWN_VISIT)
async def book_again(context: RequestContext, _: BookAgain, visit: Visit) -> Reply:
    """Show the soonest times for what a visit was, with the same specialist."""
    if refusal := bars.not_now(context):
        return refusal
    asked = ShowSoonest(service_id=visit.service_id, specialist_id=visit.specialist_id)
    return await replies.soonest_page(context, asked)


@reads(ShowMonth, access=FOR_ANYBODY_OR_MOVED)
@on_behalf
async def show_month(context: RequestContext, command: ShowMonth, _moved: Visit | None) -> Reply:
    """Show weeks to choose a day in."""
    if refusal := bars.not_now(context):
        return refusal
    return await replies.weeks_reply(context, command)


@reads(ShowDay, access=FOR_ANYBODY_OR_MOVED)
@on_behalf
async def show_day(context: RequestContext, command: ShowDay, _moved: Visit | None) -> Reply:
    """Show a day's free times."""
    if refusal := bars.not_now(context):
        return refusal
    return await replies.day_page(context, command)


@reads(ShowSummary, access=FOR_ANYBODY_OR_MOVED)
@on_behalf
async def show_summary(context: RequestContext, command: ShowSummary, moved: Visit | None) -> Reply:
    """Show what is about to be confirmed; a time that is gone leads back to the day's others."""
    service = await repository.load_service(context.session, command.service_id)
    schedule = await load_around(
        context.session,
        command.service_id,
        command.start,
        specialist_id=command.specialist_id,
        location_id=command.location_id,
        ignoring=command.moving.booking_id if command.moving else None,
    )
    if service is None or schedule is None or not schedule.calendars:
        return replies.not_offered(context)
    reason = refusals.reason_of(schedule, command.start, context.now)
    if reason is not None:
        return await replies.offer_others(context, command, reason)
    wish = _wish(command, command.service_id, moved)
    by_staff = moved is not None and is_by_staff(moved, context.user.id)
    in_the_way = None if by_staff else await _foresee(context, wish, schedule, moved)
    if in_the_way is not None and in_the_way.bar is not Bar.OVERLAP:
        return behalf.in_the_way(context, command, in_the_way)
    beside = () if in_the_way is None else in_the_way.visits
    plan = await _plan(context, command, moved, Offered(service, schedule, wish, beside))
    return Reply(views.summary(context.texts, context.business, plan))


@reads(ShowTime)
async def show_time(context: RequestContext, command: ShowTime) -> Reply:
    """Show what a link to a time leads to; a time that the clock does not show leads to its day."""
    start = on_the_clock(command.day, command.clock, context.zone)
    named = {"service_id": command.service_id, "specialist_id": command.specialist_id}
    if start is not None:
        return await show_summary.handle(context, ShowSummary(start=start, **named), None)
    day = await replies.day_page(context, ShowDay(day=command.day, **named))
    no_time = context.texts.text("The clock does not show that time on that day.")
    return replace(day, toast=day.toast or no_time, alert=True)


@writes(Book, access=FOR_ANYBODY)
@on_behalf
async def book(context: RequestContext, command: Book) -> Reply:
    """Book the visit, or say why not and offer the day's other times.

    A second tap on 'Confirm' finds the visit that the first one booked.
    """
    request = _wish(command, command.service_id)
    new = NewVisit(context.booked_for.id, context.business.currency)
    outcome = await place(context.session, request, context.now, new, limited=bars.is_limited(context))
    if not isinstance(outcome, Booked):
        return await _not_placed(context, asked_for(command), outcome)
    if changed := changed_terms(command.terms, _terms(outcome.visit)):
        await take_back(context.session, outcome.visit.id)
        return await _look_again(context, asked_for(command), changed)
    if context.customer is not None:
        return await behalf.booked(context, outcome.visit)
    await promises.of_booking(context, outcome.visit, wavering=outcome.standing.cancelled >= WAVERING)
    return Reply(toast=context.texts.text("Booked!"), changed=True, outcome="confirmed")


@reads(StartMove, access=MOVABLE_VISIT)
async def start_move(context: RequestContext, command: StartMove, visit: Visit) -> Reply:
    """Show the soonest times to move a visit to, with the same specialist."""
    if refusal := bars.not_now(context) or moving.not_moved(context, visit, command.moving.version):
        return refusal
    asked = ShowSoonest(service_id=visit.service_id, specialist_id=visit.specialist_id, moving=command.moving)
    return await replies.soonest_page(context, asked, visit)


@writes(Move, access=MOVABLE_VISIT_LOCKED)
async def move(context: RequestContext, command: Move, visit: Visit) -> Reply:
    """Move the visit, or say why not and offer the day's other times.

    A second tap on 'Confirm' finds the visit where the first one moved it. What staff move stays with its
    specialist: nobody puts a visit into somebody else's calendar so.
    """
    by_staff = is_by_staff(visit, context.user.id)
    if by_staff:
        command = command.model_copy(update={"specialist_id": visit.specialist_id})
    if nothing_to_do := moving.nothing_to_move(context, command, visit):
        return nothing_to_do
    request = _wish(command, visit.service_id, visit, anyway=by_staff)
    outcome = await place(context.session, request, context.now, visit, limited=bars.is_limited(context))
    if not isinstance(outcome, Booked):
        return await _not_placed(context, asked_for(command, visit.service_id), outcome, visit)
    if changed := changed_terms(command.terms, _terms(outcome.visit)):
        return await _look_again(context, asked_for(command, visit.service_id), changed, visit)
    toast = moving.moved(context, outcome.visit)
    if by_staff:
        await promises.of_staff_move(context, visit, outcome.visit)
        card = moving.moved_card(context, outcome.visit, toast=toast)
        return replace(card, changed=True, outcome="moved")
    await promises.of_move(context, visit, outcome.visit)
    return Reply(toast=toast, changed=True, outcome="moved")


async def _not_placed(
    context: RequestContext, asked: ShowSummary, outcome: NotBooked | Barred, moved: Visit | None = None
) -> Reply:
    if isinstance(outcome, Barred) and moved is not None and is_by_staff(moved, context.user.id):
        return moving.customer_has_it(context, moved)
    if isinstance(outcome, Barred):
        return await _barred(context, asked, outcome, moved)
    return await _refuse(context, asked, outcome)


async def _barred(
    context: RequestContext, asked: ShowSummary, in_the_way: Barred, moved: Visit | None = None
) -> Reply:
    """Say what stands in the way; what overlaps is said on a second summary, which asks once more."""
    if in_the_way.bar is not Bar.OVERLAP:
        return behalf.in_the_way(context, asked, in_the_way)
    again = await show_summary.handle(context, asked.model_copy(update={"anyway": True}), moved)
    told = views.elsewhere(context.texts, by_staff=context.customer is not None)
    return replace(again, toast=told, alert=True, outcome="conflict")


async def _plan(
    context: RequestContext, command: ShowSummary, moved: Visit | None, offered: Offered
) -> views.Plan:
    """Put together what a summary says, by whoever would get the visit now."""
    schedule, wish = offered.schedule, offered.wish
    location_id = place_of(schedule, wish, context.now)
    place = await repository.load_place(context.session, location_id)
    service = _as_agreed(offered.service.done_by(doer_of(schedule, wish, context.now)), moved)
    currency = context.business.currency if moved is None else moved.currency
    zone = context.business.zone.key
    terms = ShownTerms(
        service.price, currency, service.duration, zone, views.named(place), service.cancel_until
    )
    return views.Plan(
        service,
        schedule.names[command.specialist_id] if command.specialist_id is not None else None,
        command.start,
        place,
        confirmation(command, location_id, terms),
        _back(context, command, schedule),
        context.now,
        moved_from=None if moved is None else moved.start,
        place_before=moved.place if moved and moved.location_id != location_id else None,
        beside=[each for each in offered.beside if context.customer is None or sees(context, each)],
        currency=currency,
        by_staff=context.customer is not None or (moved is not None and is_by_staff(moved, context.user.id)),
    )


async def _look_again(
    context: RequestContext, asked: ShowSummary, changed: Sequence[TermsPart], moved: Visit | None = None
) -> Reply:
    """Say what is not as the summary said, and show a new one: nothing is booked."""
    again = await show_summary.handle(context, asked, moved)
    return replace(again, toast=views.changed(context.texts, changed), alert=True, outcome="conflict")


def _terms(visit: Visit) -> ShownTerms:
    return ShownTerms(
        visit.price,
        visit.currency,
        visit.end - visit.start,
        visit.timezone,
        views.named(visit.place),
        visit.cancel_until,
    )


async def _foresee(
    context: RequestContext, wish: BookingRequest, schedule: Schedule, moved: Visit | None
) -> Barred | None:
    intent = intent_of(
        wish, schedule, context.now, moved.id if moved else None, limited=bars.is_limited(context)
    )
    return await foresee(context.session, replace(intent, anyway=False), context.now, context.booked_for.id)


def _as_agreed(service: ServiceSummary, moved: Visit | None) -> ServiceSummary:
    """Let a visit that is moved cost what was agreed when it was booked, whoever does it then."""
    return service if moved is None else replace(service, price=moved.price)


async def _refuse(context: RequestContext, asked: ShowSummary, outcome: NotBooked) -> Reply:
    if outcome.reason is None:
        return replies.not_offered(context)
    return replace(await replies.offer_others(context, asked, outcome.reason), outcome="conflict")


def _wish(
    command: ShowSummary | Book | Move, service_id: int, moved: Visit | None = None, *, anyway: bool = False
) -> BookingRequest:
    """Make the wish for what a command names; a visit that is moved stays at its place where it can."""
    return BookingRequest(
        service_id,
        command.specialist_id,
        command.start,
        command.location_id,
        stays_at=moved.location_id if moved else None,
        anyway=command.anyway or anyway,
    )


def _back(context: RequestContext, command: ShowSummary, schedule: Schedule) -> Button:
    """Lead back to the times that the start was chosen from."""
    asked: Command = (
        replies.soonest_of(command)
        if command.soonest
        else replies.near(context, schedule, replies.day_of(context, command), command.start)
    )
    return Button(context.texts.text("« Back"), asked)
