"""What somebody is answered who is about to confirm a visit, or just has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.contracts.base import Command
from shared.contracts.booking import Book, Move, ShowSummary
from worker.agenda.access import sees
from worker.behalf import replies as behalf
from worker.catalogue import repository
from worker.catalogue.replies import not_offered
from worker.catalogue.repository import ServiceSummary
from worker.choosing.day import day_of, near, offer_others
from worker.choosing.weeks import soonest_of
from worker.forms.form import Form
from worker.forms.replies import before_summary
from worker.moving import replies as moving
from worker.moving.rules import is_by_staff
from worker.placement import bars
from worker.placement.placement import BookingRequest, NotBooked, doer_of, foresee, intent_of, place_of
from worker.placement.rules import Bar, Barred
from worker.runtime.context import RequestContext
from worker.scheduling import refusals
from worker.scheduling.asker import Asker
from worker.scheduling.repository import Schedule, load_around
from worker.summary import views
from worker.summary.rules import ShownTerms, TermsPart, confirmation
from worker.ui.reply import Reply
from worker.ui.view import Button
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class Offered:
    """What a summary is made from: all of it was found to be possible."""

    service: ServiceSummary
    schedule: Schedule
    wish: BookingRequest
    beside: Sequence[Visit]
    """The customer's other visits at that time."""
    form: Form | None = None
    """What was answered, where the service asks something."""


async def summary_page(context: RequestContext, command: ShowSummary, moved: Visit | None = None) -> Reply:
    """Show what is about to be confirmed; a time that is gone leads back to the day's others."""
    service = await repository.load_service(context.session, command.service_id)
    schedule = await load_around(
        context.session,
        command.service_id,
        command.start,
        Asker(
            context.now,
            context.booked_for.id if moved is None else moved.customer_id,
            None if moved is None else moved.id,
        ),
        specialist_id=command.specialist_id,
        location_id=command.location_id,
    )
    if service is None or schedule is None or not schedule.calendars:
        return not_offered(context)
    reason = refusals.reason_of(schedule, command.start, context.now)
    if reason is not None:
        return await offer_others(context, command, reason)
    wish = wish_of(command, command.service_id, moved)
    by_staff = moved is not None and is_by_staff(moved, context.user.id)
    in_the_way = None if by_staff else await _foresee(context, wish, schedule, moved)
    if in_the_way is not None and in_the_way.bar is not Bar.OVERLAP:
        return behalf.in_the_way(context, command, in_the_way)
    beside = () if in_the_way is None else in_the_way.visits
    return await _asked_or_shown(context, command, moved, Offered(service, schedule, wish, beside))


async def _asked_or_shown(
    context: RequestContext, command: ShowSummary, moved: Visit | None, offered: Offered
) -> Reply:
    """Ask what the service still asks; then show what is about to be confirmed."""
    form = None if moved is not None else await before_summary(context, command)
    if isinstance(form, Reply):
        return form
    plan = await _plan(context, command, moved, replace(offered, form=form))
    return Reply(views.summary(context.texts, context.business, plan), changed=form is not None)


async def not_placed(
    context: RequestContext, asked: ShowSummary, outcome: NotBooked | Barred, moved: Visit | None = None
) -> Reply:
    """Say why nothing was booked or moved, and offer what can be."""
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
    again = await summary_page(context, asked.model_copy(update={"anyway": True}), moved)
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
    rules = (service.cancel_until, service.confirm_until)
    terms = ShownTerms(service.price, currency, service.duration, zone, views.named(place), *rules)
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
        form=offered.form,
        by_staff=context.customer is not None or (moved is not None and is_by_staff(moved, context.user.id)),
    )


async def look_again(
    context: RequestContext, asked: ShowSummary, changed: Sequence[TermsPart], moved: Visit | None = None
) -> Reply:
    """Say what is not as the summary said, and show a new one: nothing is booked."""
    again = await summary_page(context, asked, moved)
    return replace(again, toast=views.changed(context.texts, changed), alert=True, outcome="conflict")


def terms_of(visit: Visit) -> ShownTerms:
    """Return what a summary of the visit says."""
    return ShownTerms(
        visit.price,
        visit.currency,
        visit.end - visit.start,
        visit.timezone,
        views.named(visit.place),
        visit.cancel_until,
        visit.confirm_until,
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
        return not_offered(context)
    return replace(await offer_others(context, asked, outcome.reason), outcome="conflict")


def wish_of(
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
        soonest_of(command)
        if command.soonest
        else near(context, schedule, day_of(context, command), command.start)
    )
    return Button(context.texts.text("« Back"), asked)
