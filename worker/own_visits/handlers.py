"""Looking at one's visits; who runs late says so; a visit that has been is closed."""

from dataclasses import replace
from datetime import timedelta

from shared.contracts.own_visits import (
    AskLateness,
    CompleteVisit,
    SayLateness,
    ShowBooking,
    ShowBookings,
    ShowMap,
    ShowPast,
)
from worker.aftercare import promises as aftercare
from worker.lateness import promises as lateness_promises
from worker.lateness import views as lateness
from worker.lateness.replies import not_said
from worker.lateness.repository import write_lateness
from worker.lateness.rules import obstacle_to_ask_lateness, obstacle_to_lateness
from worker.own_visits import promises, repository, views
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.together.repository import load_joined
from worker.together.views import joined_row
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.replies import card_reply
from worker.visits.repository import Visit, load, load_upcoming
from worker.wishes.repository import load_own_wishes
from worker.wishes.views import wish_rows


@reads(ShowBookings)
async def show_bookings(context: RequestContext, command: ShowBookings) -> Reply:
    """Show what is coming, what one has joined, and what is wished for."""
    visits = await load_upcoming(context.session, context.user.id, context.now)
    own = await load_own_wishes(context.session, context.user.id, context.now, context.today)
    waiting = wish_rows(context.texts, own, context.today, context.zone)
    gatherings = await load_joined(context.session, context.user.id, context.now)
    joined = [joined_row(context.texts, each) for each in gatherings]
    return Reply(views.upcoming(context.texts, visits, command, context.zone, [*joined, *waiting]))


@reads(ShowPast)
async def show_past(context: RequestContext, command: ShowPast) -> Reply:
    """Show what is over; each leads to its card, and that to booking it again."""
    visits = await repository.load_past(context.session, context.user.id, context.now)
    return Reply(views.past(context.texts, visits, command, context.zone))


@reads(ShowBooking, access=OWN_VISIT)
async def show_booking(context: RequestContext, _: ShowBooking, visit: Visit) -> Reply:
    """Show one's visit as it stands."""
    return card_reply(context, visit)


@reads(ShowMap, access=OWN_VISIT)
async def show_map(context: RequestContext, _: ShowMap, visit: Visit) -> Reply:
    """Show where the visit is; the card stays beside it."""
    pin = views.place_on_map(context.texts, visit)
    if pin is None:
        return card_reply(context, visit, toast=context.texts.text("This place is not on the map."))
    return Reply(pin)


@reads(AskLateness, access=OWN_VISIT)
async def ask_lateness(context: RequestContext, _: AskLateness, visit: Visit) -> Reply:
    """Ask by how much; the message goes on following the visit."""
    obstacle = obstacle_to_ask_lateness(visit, context.now)
    if obstacle is not None:
        return not_said(context, visit, obstacle)
    return Reply(lateness.question(context.texts, visit), card=visit.id)


@writes(SayLateness, access=OWN_VISIT_LOCKED)
async def say_lateness(context: RequestContext, command: SayLateness, visit: Visit) -> Reply:
    """Keep it and tell whoever waits; the visit's time and version stay as they are."""
    obstacle = obstacle_to_lateness(visit, command.version, command.minutes, context.now)
    if obstacle is not None:
        return not_said(context, visit, obstacle)
    by = timedelta(minutes=command.minutes)
    await write_lateness(context.session, visit.id, by)
    context.note(visit.id, "late", minutes=command.minutes)
    await lateness_promises.of_lateness(context, replace(visit, late_by=by))
    told = context.texts.text("{specialist} will know.", specialist=visit.listener)
    return Reply(toast=told, changed=True, outcome="late")


@writes(CompleteVisit, access=TIMERS_ONLY)
async def complete(context: RequestContext, command: CompleteVisit) -> Reply:
    """Close a visit that has been: its cards offer to book it again. Its version stays."""
    await repository.complete(context.session, command.booking_id, context.now)
    visit = await load(context.session, command.booking_id)
    if visit is not None and not visit.is_live:
        promises.of_completion(context, visit)
        await aftercare.of_completion(context, visit)
    return Reply(changed=True)
