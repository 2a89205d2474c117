"""The visits of a day or a week for the people who work here, and what they do about one of them."""

from dataclasses import replace
from datetime import timedelta

from shared.contracts.staff import (
    AskCallOff,
    BlockCustomer,
    CallOff,
    ShowAgenda,
    ShowCustomer,
    ShowStaffCard,
    ShowVisitHistory,
    UnblockCustomer,
)
from shared.envelope import NOBODY
from worker.db.models.booking import Status
from worker.people.repository import set_blocked
from worker.runtime.access import OWN_CALENDAR
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.staff import repository, views
from worker.staff.access import CALENDAR_VISIT, CALENDAR_VISIT_LOCKED
from worker.staff.replies import history
from worker.staff.rules import midnight, obstacle_to_call_off
from worker.ui.reply import Reply
from worker.visits import promises
from worker.visits.repository import Visit, load_between
from worker.visits.repository import cancel as end_visit
from worker.visits.rules import Obstacle
from worker.visits.views import obstacle as visit_obstacle


@reads(ShowAgenda, access=OWN_CALENDAR)
async def show_agenda(context: RequestContext, command: ShowAgenda, specialist_id: int | None) -> Reply:
    """Show the visits of a specialist's calendar, or of everyone's."""
    asked = command.model_copy(update={"first": command.first or context.now.astimezone(context.zone).date()})
    days = views.days_of(asked)
    begin, end = midnight(days[0], context.zone), midnight(days[-1] + timedelta(days=1), context.zone)
    visits = await load_between(context.session, begin, end, specialist_id, context.now)
    style = views.AgendaStyle(context.zone, everyone=specialist_id is None)
    return Reply(views.agenda(context.texts, visits, asked, style))


@reads(ShowStaffCard, access=CALENDAR_VISIT)
async def show_visit(context: RequestContext, _: ShowStaffCard, visit: Visit) -> Reply:
    """Show a visit of the calendar."""
    return Reply(views.staff_card(context.texts, visit, context.now))


@reads(AskCallOff, access=CALENDAR_VISIT)
async def ask_call_off(context: RequestContext, command: AskCallOff, visit: Visit) -> Reply:
    """Ask before cancelling for the business."""
    obstacle = obstacle_to_call_off(visit, command.version, context.now)
    return _refused(context, visit, obstacle) if obstacle else Reply(views.call_off(context.texts, visit))


@writes(CallOff, access=CALENDAR_VISIT_LOCKED)
async def call_off(context: RequestContext, command: CallOff, visit: Visit) -> Reply:
    """Cancel a visit for the business, however late it is; its customer is told that the business did it."""
    obstacle = obstacle_to_call_off(visit, command.version, context.now)
    if obstacle is not None:
        return _refused(context, visit, obstacle)
    await end_visit(context.session, visit)
    gone = replace(visit, version=visit.version + 1, status=Status.CANCELLED)
    await promises.of_staff_cancellation(context, gone)
    toast = context.texts.text("Cancelled.")
    return Reply(
        views.staff_card(context.texts, gone, context.now), toast=toast, changed=True, outcome="called_off"
    )


@reads(ShowVisitHistory, access=CALENDAR_VISIT)
async def show_history(context: RequestContext, _: ShowVisitHistory, visit: Visit) -> Reply:
    """Show who did what to a visit."""
    events = await repository.load_events(context.session, visit.id)
    return Reply(history(context.texts, visit, events))


@reads(ShowCustomer, access=CALENDAR_VISIT)
async def show_customer(context: RequestContext, _: ShowCustomer, visit: Visit) -> Reply:
    """Show whose visit it is."""
    return await _customer(context, visit)


@writes(BlockCustomer, access=CALENDAR_VISIT)
async def block_customer(context: RequestContext, _: BlockCustomer, visit: Visit) -> Reply:
    """Have a visit's customer call instead of booking here; what is booked stays."""
    if visit.customer_id == NOBODY:
        return await _customer(context, visit)
    await set_blocked(context.session, visit.customer_id, context.now)
    context.note(visit.id, "blocked")
    return replace(await _customer(context, visit), toast=context.texts.text("Blocked."), changed=True)


@writes(UnblockCustomer, access=CALENDAR_VISIT)
async def unblock_customer(context: RequestContext, _: UnblockCustomer, visit: Visit) -> Reply:
    """Let a visit's customer book here again."""
    await set_blocked(context.session, visit.customer_id, None)
    context.note(visit.id, "unblocked")
    return replace(await _customer(context, visit), toast=context.texts.text("Unblocked."), changed=True)


async def _customer(context: RequestContext, visit: Visit) -> Reply:
    record = await repository.load_record(context.session, visit.customer_id)
    return Reply(views.customer(context.texts, visit, record))


def _refused(context: RequestContext, visit: Visit, obstacle: Obstacle) -> Reply:
    toast = visit_obstacle(context.texts, visit, obstacle)
    return Reply(
        views.staff_card(context.texts, visit, context.now), toast=toast, alert=True, outcome="stale"
    )
