"""Choosing what to book, up to the summary."""

from datetime import datetime

from shared.contracts.booking import Book, Move, Moving, ShowDay, ShowServices, ShowSpecialists, ShowSummary
from worker.booking import refusals, views
from worker.booking.browse import no_such_visit, not_offered, other_times, page_of
from worker.booking.catalogue import load_doers, load_location, load_offering, load_offerings
from worker.booking.details import Details, Place, load_own
from worker.runtime.context import RequestContext
from worker.scheduling.repository import Schedule, load_around
from worker.scheduling.rules import Reason
from worker.ui.reply import Reply
from worker.ui.view import Button


async def show_services(context: RequestContext, command: ShowServices) -> Reply:
    """Show the services to choose from."""
    offerings = await load_offerings(context.session)
    return Reply(views.services(context.texts, context.business, offerings, command))


async def show_specialists(context: RequestContext, command: ShowSpecialists) -> Reply:
    """Show who does a service."""
    offering = await load_offering(context.session, command.service_id)
    doers = await load_doers(context.session, command.service_id)
    if offering is None or not doers:
        return not_offered(context)
    return Reply(views.specialists(context.texts, offering, doers, command))


async def show_summary(context: RequestContext, command: ShowSummary) -> Reply:
    """Show what is about to be confirmed; a time that is gone leads back to the day's others."""
    moved = await _moved(context, command.moving)
    if command.moving is not None and moved is None:
        return no_such_visit(context)
    offering = await load_offering(context.session, command.service_id)
    schedule = await load_around(
        context.session,
        command.service_id,
        command.start,
        specialist_id=command.specialist_id,
        ignoring=command.moving.booking_id if command.moving else None,
    )
    if offering is None or schedule is None or not schedule.calendars:
        return not_offered(context)
    reason = refusals.reason_of(schedule, command.start, context.now)
    if reason is not None:
        return await offer_others(context, command, reason)
    location = await load_location(context.session)
    plan = views.Plan(
        offering,
        schedule.names[command.specialist_id] if command.specialist_id is not None else None,
        command.start,
        Place.of(location),
        _confirmation(command),
        Button(context.texts.text("« Back"), _day_of(context, command, schedule)),
        context.now,
        moved_from=None if moved is None else moved.start,
    )
    return Reply(views.summary(context.texts, context.business, plan))


async def _moved(context: RequestContext, moving: Moving | None) -> Details | None:
    if moving is None:
        return None
    return await load_own(context.session, moving.booking_id, context.user.id)


async def offer_others(context: RequestContext, command: ShowSummary, reason: Reason) -> Reply:
    """Say why the time cannot be had and show others: the day's, or other days where it has none."""
    asked = day_of(context, command.service_id, command.specialist_id, command.start, command.moving)
    return await other_times(context, asked, command.start, reason)


def _confirmation(command: ShowSummary) -> Book | Move:
    if command.moving is None:
        return Book(service_id=command.service_id, specialist_id=command.specialist_id, start=command.start)
    return Move(moving=command.moving, specialist_id=command.specialist_id, start=command.start)


def _day_of(context: RequestContext, command: ShowSummary, schedule: Schedule) -> ShowDay:
    """Make the command that shows the page of times that the start is on."""
    asked = day_of(context, command.service_id, command.specialist_id, command.start, command.moving)
    return asked.model_copy(update={"page": page_of(context, schedule, asked.day, command.start)})


def day_of(
    context: RequestContext,
    service_id: int,
    specialist_id: int | None,
    start: datetime,
    moving: Moving | None,
) -> ShowDay:
    """Make the command that shows the times of the day `start` is in."""
    day = start.astimezone(context.zone).date()
    return ShowDay(service_id=service_id, specialist_id=specialist_id, day=day, moving=moving)
