"""What somebody is answered who is about to confirm a visit, or just has."""

from collections.abc import Sequence
from dataclasses import replace

from shared.contracts.booking import LeaveSummary, ShowSummary
from shared.contracts.gathering import AskGathering
from shared.contracts.series import AskMoveLater
from worker.agenda.access import sees
from worker.behalf import replies as behalf
from worker.catalogue import repository
from worker.catalogue.replies import not_offered
from worker.catalogue.repository import ServiceSummary
from worker.choosing.day import offer_others, times_around
from worker.choosing.soonest import soonest_page
from worker.choosing.weeks import soonest_of
from worker.combining.replies import with_more
from worker.db.models.booking import Status
from worker.deposit import Money
from worker.forms.replies import before_summary
from worker.keeping.repository import release_seen
from worker.moving import replies as moving
from worker.moving.rules import is_by_staff
from worker.payments.replies import due_of
from worker.placement.placement import NotBooked
from worker.placement.rules import Bar, Barred
from worker.runtime.context import RequestContext
from worker.scheduling.rules import Reason
from worker.summary import views
from worker.summary.offering import Offered, customer_of, offer, places_to_take
from worker.summary.rules import ShownTerms, TermsPart, confirmation, leaving, sizes
from worker.ui.party import fewer_left, within
from worker.ui.phrases import several
from worker.ui.reply import Reply
from worker.ui.view import Button
from worker.visits.parts import VisitPart
from worker.visits.repository import Visit
from worker.visits.rules import is_repeatable


async def summary_page(
    context: RequestContext, command: ShowSummary, moved: Visit | None = None, *, keep: bool = True
) -> Reply:
    """Show what is about to be confirmed; a time that is gone leads back to the day's others.

    With `keep`, the time is held for its customer, also while they answer what the service asks.
    """
    service = await repository.load_service(context.session, command.service_id)
    if service is None:
        return not_offered(context)
    command = command.model_copy(update={"places": within(command.places, service.most_places)})
    found = await offer(context, command, service, moved, keep=keep)
    if isinstance(found, Barred):
        return _in_the_way(context, command, found, moved)
    if isinstance(found, NotBooked):
        return await _others(context, command, found)
    left = await _places_left(context, command, service, moved)
    found = replace(found, most=min(left, service.most_places))
    form = None if moved is not None else await before_summary(context, command)
    if isinstance(form, Reply):
        return form
    service = _as_agreed(service.done_by(found.specialist_id), command.places, moved)
    asked = None if moved is not None else service.deposit
    due = await due_of(context, asked, service.price, context.business.currency, places=command.places)
    parts = _parts_as_agreed(found.parts, moved)
    plan = _plan(context, command, moved, service, replace(found, form=form, due=due, parts=parts))
    together = _together(context, command, service, replace(found, form=form), left)
    plan = replace(plan, sizes=sizes(command, found.most), together=together)
    return await _shown(context, command, plan)


async def _shown(context: RequestContext, command: ShowSummary, plan: views.Plan) -> Reply:
    """Show it, with the way to what else can be booked with it; a visit that moves is what it was."""
    changed = plan.kept_until is not None or plan.form is not None
    page = Reply(views.summary(context.texts, context.business, plan), changed=changed)
    return page if command.moving is not None else await with_more(context, command, page)


async def _places_left(
    context: RequestContext, command: ShowSummary, service: ServiceSummary, moved: Visit | None
) -> int:
    """Count the places of a group that can be had; 1 where nobody is asked how many come."""
    several = service.most_places > 1 or (service.gatherable and context.customer is None)
    return await places_to_take(context, command) if moved is None and several else 1


def _together(
    context: RequestContext, command: ShowSummary, service: ServiceSummary, found: Offered, left: int
) -> Button | None:
    """Make the way to keep places for friends, too: where each is booked by a tap, by themselves."""
    if found.specialist_id is None or found.form is not None or context.customer is not None:
        return None
    if left == 1 or not service.gatherable:
        return None
    asked = AskGathering(
        service_id=command.service_id,
        specialist_id=found.specialist_id,
        start=command.start,
        location_id=found.location_id,
    )
    return Button(context.texts.text("Book together"), asked)


def _in_the_way(context: RequestContext, command: ShowSummary, found: Barred, moved: Visit | None) -> Reply:
    if moved is not None and is_by_staff(moved, context.user.id):
        return moving.customer_has_it(context, moved)
    return behalf.in_the_way(context, command, found)


async def not_placed(
    context: RequestContext, asked: ShowSummary, outcome: NotBooked | Barred, moved: Visit | None = None
) -> Reply:
    """Say why nothing was booked or moved, and offer what can be."""
    if isinstance(outcome, Barred):
        return await _barred(context, asked, outcome, moved)
    others = await _others(context, asked, outcome)
    return others if outcome.reason is None else replace(others, outcome="conflict")


async def _barred(
    context: RequestContext, asked: ShowSummary, in_the_way: Barred, moved: Visit | None = None
) -> Reply:
    """Say what stands in the way; what overlaps is said on a second summary, which asks once more."""
    if in_the_way.bar is not Bar.OVERLAP or (moved is not None and is_by_staff(moved, context.user.id)):
        return _in_the_way(context, asked, in_the_way, moved)
    again = await summary_page(context, asked.model_copy(update={"anyway": True}), moved, keep=False)
    told = views.elsewhere(context.texts, by_staff=context.customer is not None)
    return replace(again, toast=told, alert=True, outcome="conflict")


def _plan(
    context: RequestContext,
    command: ShowSummary,
    moved: Visit | None,
    service: ServiceSummary,
    offered: Offered,
) -> views.Plan:
    """Put together what a summary says, by whoever would get the visit now."""
    currency = context.business.currency if moved is None else moved.currency
    plan = _plan_anew(context, command, service, offered, currency)
    if moved is None:
        return plan
    return replace(
        plan,
        moved_from=moved.start,
        place_before=moved.place if moved.location_id != offered.location_id else None,
        is_request=moved.status is Status.PENDING,
        by_staff=plan.by_staff or is_by_staff(moved, context.user.id),
        later=_with_later(context, command, moved),
    )


def _plan_anew(
    context: RequestContext,
    command: ShowSummary,
    service: ServiceSummary,
    offered: Offered,
    currency: str,
) -> views.Plan:
    terms = _shown_terms(context, service, offered, currency)
    return views.Plan(
        service,
        None if command.specialist_id is None else offered.specialist,
        command.start,
        offered.place,
        confirmation(command, offered.location_id, terms),
        Button(context.texts.text("« Back"), leaving(command)),
        context.now,
        beside=[each for each in offered.beside if context.customer is None or sees(context, each)],
        currency=currency,
        form=offered.form,
        deposit=offered.due,
        keeps_deposit=service.deposit is not None and service.deposit.keeps,
        by_staff=context.customer is not None,
        kept_until=offered.kept_until,
        parts=offered.parts,
    )


def _with_later(context: RequestContext, command: ShowSummary, moved: Visit) -> Button | None:
    """Return the way to move the later visits of a series, too, where they stay with their specialist."""
    stays = command.specialist_id in {None, moved.specialist_id}
    if command.moving is None or moved.series_id is None or not stays:
        return None
    if not is_repeatable(moved, context.now):
        return None
    asked = AskMoveLater(moving=command.moving, start=command.start)
    return Button(context.texts.text("This and later"), asked)


def _shown_terms(
    context: RequestContext, service: ServiceSummary, offered: Offered, currency: str
) -> ShownTerms:
    zone, place = context.business.zone.key, views.named(offered.place)
    rules = (service.cancel_until, service.confirm_until, offered.due)
    return ShownTerms(service.price, currency, service.duration, zone, place, *rules, offered.parts)


async def look_again(
    context: RequestContext, asked: ShowSummary, changed: Sequence[TermsPart], moved: Visit | None = None
) -> Reply:
    """Say what is not as the summary said, and show a new one: nothing is booked.

    Nothing is held either: what this transaction has written is not to be.
    """
    again = await summary_page(context, asked, moved, keep=False)
    return replace(again, toast=views.changed(context.texts, changed), alert=True, outcome="conflict")


def terms_of(visit: Visit, due: Money | None = None) -> ShownTerms:
    """Return what a summary of the visit says; `due` is what is paid ahead of it."""
    return ShownTerms(
        visit.price,
        visit.currency,
        visit.end - visit.start,
        visit.timezone,
        views.named(visit.place),
        visit.cancel_until,
        visit.confirm_until,
        due,
        visit.parts,
    )


def _parts_as_agreed(parts: Sequence[VisitPart], moved: Visit | None) -> Sequence[VisitPart]:
    if moved is None:
        return parts
    return [replace(part, price=before.price) for part, before in zip(parts, moved.parts, strict=True)]


def _as_agreed(service: ServiceSummary, places: int, moved: Visit | None) -> ServiceSummary:
    """Name and price a visit with all its places; one that is moved costs what was agreed."""
    if moved is not None:
        return replace(service, name=moved.service, price=moved.price)
    price = None if service.price is None else service.price.times(places)
    return replace(service, name=several(service.name, places), price=price)


async def _others(context: RequestContext, asked: ShowSummary, outcome: NotBooked) -> Reply:
    if outcome.reason is None:
        return not_offered(context)
    if asked.places > 1 and outcome.reason is Reason.FULL:
        left = min(await places_to_take(context, asked), asked.places - 1)
        if left > 0:
            again = await summary_page(context, asked.model_copy(update={"places": left}), keep=False)
            return replace(again, toast=fewer_left(context.texts, left), alert=True)
    return await offer_others(context, asked, outcome.reason)


async def times_again(context: RequestContext, command: LeaveSummary, moved: Visit | None) -> Reply:
    """Let the time go that a summary held, and show the times that it was chosen from."""
    await release_seen(context.session, customer_of(context, moved), command.service_id)
    if command.soonest:
        page = await soonest_page(context, soonest_of(command), moved)
    else:
        page = await times_around(context, command)
    return replace(page, changed=True)
