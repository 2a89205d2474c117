"""The table of a series, worked out from the calendars as they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.contracts.booking import ShowSummary
from shared.contracts.series import ShowSeries
from worker.catalogue import repository as catalogue
from worker.catalogue.replies import not_offered
from worker.moving.replies import moved_card
from worker.moving.rules import is_by_staff
from worker.placement import bars
from worker.placement.series import Outlook, Repeated, look_ahead, series_bar
from worker.runtime.context import RequestContext
from worker.scheduling.engine import check, find_slots
from worker.scheduling.query import SlotQuery
from worker.scheduling.rules import Reason
from worker.scheduling.wallclock import week_of
from worker.series import views
from worker.series.rules import (
    LENGTHS,
    WEEKS,
    DateState,
    Found,
    RepeatDate,
    SeriesDate,
    nearest_to,
    repeat_dates,
    said_bits,
    series_table,
)
from worker.shifting.repository import load_later
from worker.summary.replies import terms_of
from worker.summary.rules import ShownTerms
from worker.ui.reply import Reply
from worker.visits.replies import refused
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle, is_repeatable, obstacle_for_business, obstacle_to_cancel
from worker.visits.views import obstacle


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """A table, and all that decided about it."""

    asked: ShowSeries
    repeated: Repeated
    outlook: Outlook
    table: list[SeriesDate]


def cannot_repeat(
    context: RequestContext, visit: Visit, weeks: int = WEEKS[0], count: int = LENGTHS[0]
) -> Reply | None:
    """Say why a visit cannot be repeated, or not like that; None where it can."""
    if refusal := bars.not_now(context):
        return refusal
    if is_repeatable(visit, context.now) and weeks in WEEKS and count in LENGTHS:
        return None
    return Reply(toast=context.texts.text("This visit cannot be repeated here."), alert=True)


async def plan_series(
    context: RequestContext, asked: ShowSeries, visit: Visit, *, lock: bool = False
) -> SeriesPlan | Reply:
    """Work the table out; or say what stands in the way, whichever dates are chosen."""
    dates = repeat_dates(int(visit.start.timestamp()), asked.weeks, asked.count, context.zone)
    (first, _), (_, last) = week_of(dates[0].day), week_of(dates[-1].day)
    repeated = Repeated(visit.service_id, visit.specialist_id, visit.location_id, first, last, visit.places)
    outlook = await look_ahead(context.session, repeated, visit.customer_id, context.now, lock=lock)
    if outlook is None:
        return not_offered(context)
    limited = bars.is_limited(context)
    start = datetime.fromtimestamp(dates[0].start, UTC)
    if found := series_bar(outlook, visit, start, context.now, limited=limited):
        return bars.answer(context, ShowSummary(service_id=visit.service_id, start=start), found)
    room = outlook.room(visit) if limited else None
    return SeriesPlan(asked, repeated, outlook, series_table(dates, _finder(outlook), asked, room))


async def series_page(context: RequestContext, plan: SeriesPlan, visit: Visit, said: int = 0) -> Reply:
    """Show the table, and what the visits would be: as the catalogue has it now.

    `said` are the dates that were said to be booked.
    """
    service = await catalogue.load_service(context.session, visit.service_id)
    if service is None:
        return not_offered(context)
    service = service.done_by(visit.specialist_id)
    terms = ShownTerms(
        None if service.price is None else service.price.times(visit.places),
        context.business.currency,
        service.duration,
        context.zone.key,
        terms_of(visit).place,
        service.cancel_until,
        service.confirm_until,
    )
    page = views.SeriesPage(
        plan.asked,
        plan.table,
        visit,
        terms,
        context.now,
        plan.outlook.schedule,
        by_staff=is_by_staff(visit, context.user.id),
        missed=said & ~said_bits(plan.table),
    )
    return Reply(views.table(context.texts, page))


def not_cancelled(context: RequestContext, visit: Visit, version: int) -> Reply | None:
    """Say why a visit cannot be cancelled, beside it as it stands; None where it can."""
    by_staff = is_by_staff(visit, context.user.id)
    found = _obstacle_to_end(visit, version, context.now, by_staff=by_staff)
    if found is None:
        return None
    if not by_staff:
        return refused(context, visit, found)
    toast = obstacle(context.texts, visit, found)
    return moved_card(context, visit, toast=toast, alert=True, outcome="stale")


async def this_and_later(context: RequestContext, visit: Visit) -> list[Visit]:
    """Load a visit's series from it on, as far as each can be cancelled by whoever asks."""
    by_staff = is_by_staff(visit, context.user.id)
    later = [] if visit.series_id is None else await load_later(context.session, visit)
    return [
        visit,
        *(
            each
            for each in later
            if _obstacle_to_end(each, each.version, context.now, by_staff=by_staff) is None
        ),
    ]


def _obstacle_to_end(visit: Visit, version: int, now: datetime, *, by_staff: bool) -> Obstacle | None:
    return (obstacle_for_business if by_staff else obstacle_to_cancel)(visit, version, now)


def later_question(context: RequestContext, visits: Sequence[Visit]) -> Reply:
    """Ask whether all of them are to be cancelled."""
    by_staff = is_by_staff(visits[0], context.user.id)
    return Reply(views.cancel_question(context.texts, visits, by_staff=by_staff))


def _finder(outlook: Outlook) -> Callable[[RepeatDate], Found]:
    """Return what says how a date stands."""
    query = outlook.query

    def find(date: RepeatDate) -> Found:
        reason = check(query, date.start) if date.is_on_clock else Reason.CLOSED
        if reason is Reason.HORIZON:
            return Found(DateState.BEYOND)
        own = _is_elsewhere(outlook, date.start)
        if reason is None and not own:
            return Found(DateState.FREE)
        return Found(DateState.OWN if own else DateState.TAKEN, _nearest(outlook, query, date))

    return find


def _nearest(outlook: Outlook, query: SlotQuery, date: RepeatDate) -> int | None:
    """Return the nearest free time of the date's week: so no two dates of a series come to each other's."""
    starts = find_slots(query, *week_of(date.day)).slots
    return nearest_to(date.start, (start for start in starts if not _is_elsewhere(outlook, start)))


def _is_elsewhere(outlook: Outlook, start: int) -> bool:
    """Tell whether the customer has another visit while one of the series would last."""
    begin = datetime.fromtimestamp(start, UTC)
    end = begin + timedelta(seconds=outlook.query.service.duration)
    return any(each.is_live and each.start < end and begin < each.until for each in outlook.own)
