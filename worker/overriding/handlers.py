"""A time that staff name: it is booked as any other, or against the rules that they were shown."""

from dataclasses import replace
from datetime import datetime

from shared.contracts.booking import ShowSummary
from shared.contracts.overriding import AskOtherTime, BookAgainstRules, ShowOtherTime
from worker.behalf import replies as behalf
from worker.behalf.access import FOR_SOMEBODY
from worker.behalf.flow import on_behalf
from worker.catalogue.replies import not_offered
from worker.overriding import views
from worker.overriding.rules import moment_of, packed, unpacked
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, BookingRequest, NotBooked, place
from worker.placement.repository import take_back
from worker.runtime.capability import writes
from worker.runtime.context import RequestContext
from worker.scheduling.asker import Asker
from worker.scheduling.engine import check_each
from worker.scheduling.following import load_around
from worker.scheduling.overriding import can_be_overridden
from worker.scheduling.repository import Schedule
from worker.scheduling.rules import SlotQuery
from worker.summary.replies import not_placed, summary_page, terms_of
from worker.summary.rules import changed_terms
from worker.ui.reply import Reply


@writes(AskOtherTime, access=FOR_SOMEBODY)
@on_behalf
async def ask_other_time(context: RequestContext, command: AskOtherTime) -> Reply:
    """Ask for the day and the time."""
    return _ask(context, command)


@writes(ShowOtherTime, access=FOR_SOMEBODY)
@on_behalf
async def show_other_time(context: RequestContext, command: ShowOtherTime) -> Reply:
    """Show the usual summary where the rules have nothing against the time, and else what they have."""
    start = moment_of(context.texts, command.moment, context.today, context.zone)
    if start is None:
        return _ask(context, command, unread=True)
    return replace(await _summary(context, command, start), changed=True)


@writes(BookAgainstRules, access=FOR_SOMEBODY)
@on_behalf
async def book_against_rules(context: RequestContext, command: BookAgainstRules) -> Reply:
    """Book against the rules that were shown; what they do not name, and the database, still refuses."""
    named = unpacked(command.rules)
    request = BookingRequest(
        command.service_id,
        command.specialist_id,
        command.start,
        command.location_id,
        anyway=True,
        against=named,
    )
    new = NewVisit(context.booked_for.id, context.business.currency)
    outcome = await place(context.session, request, context.now, new, limited=False)
    if isinstance(outcome, NotBooked):
        again = await _summary(context, command, command.start)
        return replace(again, toast=context.texts.text("That is not as it was shown any more."), alert=True)
    if not isinstance(outcome, Booked):
        return await not_placed(context, _usual(command, command.start), outcome)
    if changed_terms(command.terms, terms_of(outcome.visit)):
        await take_back(context.session, outcome.visit.id)
        again = await _summary(context, command, command.start)
        return replace(again, toast=context.texts.text("That is not as it was shown any more."), alert=True)
    context.note(outcome.visit.id, "overridden", rules=sorted(named))
    return await behalf.booked(context, outcome.visit)


def _ask(context: RequestContext, command: AskOtherTime | ShowOtherTime, *, unread: bool = False) -> Reply:
    fields = command.model_dump(exclude={"kind", "moment"})
    view = views.question(context.texts, context.now.astimezone(context.zone), unread=unread)
    return Reply(view, changed=True, asks=ShowOtherTime(**fields))


def _usual(command: AskOtherTime | ShowOtherTime | BookAgainstRules, start: datetime) -> ShowSummary:
    return ShowSummary(
        service_id=command.service_id,
        specialist_id=command.specialist_id,
        start=start,
        location_id=command.location_id,
        customer=command.customer,
    )


async def _summary(
    context: RequestContext, command: ShowOtherTime | BookAgainstRules, start: datetime
) -> Reply:
    """Show what is about to be booked, and which rules it breaks, if any."""
    schedule = await load_around(
        context.session,
        (command.service_id,),
        start,
        Asker(context.now, context.booked_for.id),
        specialist_id=command.specialist_id,
        location_id=command.location_id,
    )
    if schedule is None or not schedule.calendars:
        return not_offered(context)
    [query] = schedule.queries(context.now)
    reasons = check_each(query, int(start.timestamp()))
    if not reasons:
        return await summary_page(context, _usual(command, start))
    return await _against(context, command, schedule, query, start)


async def _against(
    context: RequestContext,
    command: ShowOtherTime | BookAgainstRules,
    schedule: Schedule,
    query: SlotQuery,
    start: datetime,
) -> Reply:
    moment = int(start.timestamp())
    reasons = check_each(query, moment)
    again = AskOtherTime(
        service_id=command.service_id,
        specialist_id=command.specialist_id,
        location_id=command.location_id,
        customer=command.customer,
    )
    found = views.Broken(schedule, query, moment, reasons, again)
    if not can_be_overridden(query, moment, reasons):
        return Reply(views.impossible(context.texts, found, context.zone))
    book = BookAgainstRules(**again.model_dump(exclude={"kind"}), start=start, rules=packed(reasons))
    return Reply(views.against(context.texts, found, book, context.zone))
