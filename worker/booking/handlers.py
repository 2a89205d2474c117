"""Choosing a visit and its time, and taking it."""

from dataclasses import replace
from operator import attrgetter

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
    StartMove,
)
from worker.booking import replies, repository, views
from worker.booking.rules import found
from worker.placement.placement import BookingRequest, NotBooked, place, place_of
from worker.placement.repository import NewVisit
from worker.placement.rules import Barred
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.scheduling import refusals
from worker.scheduling.repository import Schedule, load_around
from worker.ui.reply import Reply
from worker.ui.view import Button
from worker.visits import promises
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.replies import card_reply, refused
from worker.visits.repository import Visit
from worker.visits.rules import obstacle_to_change


@reads(ShowServices)
async def show_services(context: RequestContext, command: ShowServices) -> Reply:
    """Show the services to choose from."""
    services = await repository.load_services(context.session, context.user.id, command.specialist_id)
    if command.specialist_id is not None and not services:
        return replies.not_offered(context)
    return Reply(views.services(context.texts, context.business, services, command))


@writes(AskService)
async def ask_service(context: RequestContext, _: AskService) -> Reply:
    """Ask what is looked for."""
    return Reply(views.search_question(context.texts), changed=True, asks=FindServices(text=""))


@writes(FindServices)
async def find_services(context: RequestContext, command: FindServices) -> Reply:
    """Show the services whose names hold what was typed."""
    services = await repository.load_services(context.session, context.user.id)
    fitting = found(services, command.text, attrgetter("name"))
    return Reply(views.found_services(context.texts, context.business, fitting), changed=True)


@reads(ShowSpecialists)
async def show_specialists(context: RequestContext, command: ShowSpecialists) -> Reply:
    """Show who does a service; before that where, if they work at more than one place."""
    return await replies.specialists_page(context, command)


@reads(ShowSoonest, access=OWN_VISIT)
async def show_soonest(context: RequestContext, command: ShowSoonest, moved: Visit | None) -> Reply:
    """Show the soonest times."""
    return await replies.soonest_page(context, command, None if moved is None else moved.start)


@reads(BookAgain, access=OWN_VISIT)
async def book_again(context: RequestContext, _: BookAgain, visit: Visit) -> Reply:
    """Show the soonest times for what a visit was, with the same specialist."""
    asked = ShowSoonest(service_id=visit.service_id, specialist_id=visit.specialist_id)
    return await replies.soonest_page(context, asked)


@reads(ShowMonth, access=OWN_VISIT)
async def show_month(context: RequestContext, command: ShowMonth, _moved: Visit | None) -> Reply:
    """Show weeks to choose a day in."""
    return await replies.weeks_reply(context, command)


@reads(ShowDay, access=OWN_VISIT)
async def show_day(context: RequestContext, command: ShowDay, _moved: Visit | None) -> Reply:
    """Show a day's free times."""
    return await replies.day_page(context, command)


@reads(ShowSummary, access=OWN_VISIT)
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
    wish = BookingRequest(
        command.service_id,
        command.specialist_id,
        command.start,
        command.location_id,
        stays_at=moved.location_id if moved else None,
    )
    location_id = place_of(schedule, wish, context.now)
    plan = views.Plan(
        service,
        schedule.names[command.specialist_id] if command.specialist_id is not None else None,
        command.start,
        await repository.load_place(context.session, location_id),
        _confirmation(command, location_id),
        _back(context, command, schedule),
        context.now,
        moved_from=None if moved is None else moved.start,
        place_before=moved.place if moved and moved.location_id != location_id else None,
    )
    return Reply(views.summary(context.texts, context.business, plan))


@writes(Book)
async def book(context: RequestContext, command: Book) -> Reply:
    """Book the visit, or say why not and offer the day's other times.

    A second tap on 'Confirm' finds the visit that the first one booked.
    """
    request = BookingRequest(command.service_id, command.specialist_id, command.start, command.location_id)
    new = NewVisit(context.user.id, context.business.currency)
    outcome = await place(context.session, request, context.now, new)
    if isinstance(outcome, Barred):
        return _barred(context, request, outcome)
    if isinstance(outcome, NotBooked):
        return await _refuse(context, _asked(command), outcome)
    promises.of_booking(context, outcome.visit)
    return Reply(toast=context.texts.text("Booked!"), changed=True, outcome="confirmed")


@reads(StartMove, access=OWN_VISIT)
async def start_move(context: RequestContext, command: StartMove, visit: Visit) -> Reply:
    """Show the soonest times to move a visit to, with the same specialist."""
    obstacle = obstacle_to_change(visit, command.moving.version, context.now)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    asked = ShowSoonest(service_id=visit.service_id, specialist_id=visit.specialist_id, moving=command.moving)
    return await replies.soonest_page(context, asked, visit.start)


@writes(Move, access=OWN_VISIT_LOCKED)
async def move(context: RequestContext, command: Move, visit: Visit) -> Reply:
    """Move the visit, or say why not and offer the day's other times.

    A second tap on 'Confirm' finds the visit where the first one moved it.
    """
    if _is_there(visit, command):
        return card_reply(context, visit, toast=context.texts.text("Moved already."))
    obstacle = obstacle_to_change(visit, command.moving.version, context.now)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    if _stays(visit, command):
        return card_reply(context, visit, toast=context.texts.text("The visit is at that time already."))
    request = BookingRequest(
        visit.service_id,
        command.specialist_id,
        command.start,
        command.location_id,
        stays_at=visit.location_id,
    )
    outcome = await place(context.session, request, context.now, visit)
    if isinstance(outcome, Barred):
        return _barred(context, request, outcome, moving=True)
    if isinstance(outcome, NotBooked):
        return await _refuse(context, _asked(command, visit.service_id), outcome)
    await promises.of_move(context, visit, outcome.visit)
    return Reply(toast=context.texts.text("Moved!"), changed=True, outcome="moved")


def _barred(
    context: RequestContext, request: BookingRequest, outcome: Barred, *, moving: bool = False
) -> Reply:
    """Answer a wish for what the customer has at that time already: the same visit, or another's."""
    texts = context.texts
    own = outcome.visits[0]
    if request.specialist_id in {None, own.specialist_id}:
        if not moving:
            return card_reply(context, own, toast=texts.text("Booked already."))
        twice = texts.text("You have this visit at that time already.")
        return card_reply(context, own, toast=twice, alert=True, outcome="conflict")
    clash = texts.text(
        "You have this at that time already, with {specialist}. To go to someone else, cancel it first.",
        specialist=own.specialist,
    )
    return card_reply(context, own, toast=clash, alert=True, outcome="conflict")


async def _refuse(context: RequestContext, asked: ShowSummary, outcome: NotBooked) -> Reply:
    if outcome.reason is None:
        return replies.not_offered(context)
    return replace(await replies.offer_others(context, asked, outcome.reason), outcome="conflict")


def _asked(command: Book | Move, service_id: int | None = None) -> ShowSummary:
    """Make the command that showed what is now confirmed."""
    return ShowSummary(
        service_id=command.service_id if isinstance(command, Book) else service_id or 0,
        specialist_id=command.specialist_id,
        start=command.start,
        moving=command.moving if isinstance(command, Move) else None,
        location_id=command.location_id if isinstance(command, Book) else None,
    )


def _confirmation(command: ShowSummary, location_id: int | None) -> Book | Move:
    """Make the command of 'Confirm': it names the summary's place, so that no other comes of it."""
    if command.moving is None:
        return Book(
            service_id=command.service_id,
            specialist_id=command.specialist_id,
            start=command.start,
            location_id=location_id,
        )
    return Move(
        moving=command.moving,
        specialist_id=command.specialist_id,
        start=command.start,
        location_id=location_id,
    )


def _back(context: RequestContext, command: ShowSummary, schedule: Schedule) -> Button:
    """Lead back to the times that the start was chosen from."""
    asked: Command = (
        replies.soonest_of(command)
        if command.soonest
        else replies.near(context, schedule, replies.day_of(context, command), command.start)
    )
    return Button(context.texts.text("« Back"), asked)


def _is_there(visit: Visit, command: Move) -> bool:
    """Tell whether just this move has happened already."""
    return visit.is_live and visit.version == command.moving.version + 1 and _stays(visit, command)


def _stays(visit: Visit, command: Move) -> bool:
    """Tell whether the visit is where the move would bring it."""
    return visit.start == command.start and command.specialist_id in {None, visit.specialist_id}
