"""Repeating a visit: the dates to choose from, and booking all that are chosen, or none."""

from dataclasses import replace
from datetime import UTC, datetime

from shared.contracts.series import (
    AskCancelLater,
    AskMoveLater,
    AskSeries,
    AskSeriesLength,
    BookSeries,
    CancelLater,
    MoveLater,
    ShowSeries,
)
from worker.catalogue.replies import not_offered
from worker.db.models.booking import Status
from worker.moving.access import MOVABLE_VISIT, MOVABLE_VISIT_LOCKED
from worker.moving.replies import moved as moved_words
from worker.moving.rules import is_by_staff
from worker.placement.allocation import NewVisit
from worker.placement.repository import take_back
from worker.placement.series import place_series
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.series import promises, repository, views
from worker.series.replies import (
    SeriesPlan,
    cannot_repeat,
    later_question,
    not_cancelled,
    plan_series,
    series_page,
    this_and_later,
)
from worker.series.rules import chosen, mark_of, mark_of_visits
from worker.shifting.replies import not_shifted, shift_all, shift_question
from worker.shifting.rules import mark_of_shifts, moving
from worker.shifting.views import not_as_shown
from worker.staff.views import called_off
from worker.summary import views as summary
from worker.summary.replies import terms_of
from worker.summary.rules import changed_terms
from worker.ui.reply import Reply
from worker.visits.repository import Visit


@reads(AskSeries, access=MOVABLE_VISIT)
async def ask_series(context: RequestContext, _: AskSeries, visit: Visit) -> Reply:
    """Ask every how many weeks."""
    by_staff = is_by_staff(visit, context.user.id)
    return cannot_repeat(context, visit) or Reply(
        views.weeks_question(context.texts, visit, by_staff=by_staff)
    )


@reads(AskSeriesLength, access=MOVABLE_VISIT)
async def ask_length(context: RequestContext, command: AskSeriesLength, visit: Visit) -> Reply:
    """Ask how often."""
    if refusal := cannot_repeat(context, visit, command.weeks):
        return refusal
    horizon = await repository.load_horizon(context.session, visit.service_id)
    if horizon is None:
        return not_offered(context)
    last = context.now + horizon
    return Reply(views.length_question(context.texts, visit, command.weeks, last))


@reads(ShowSeries, access=MOVABLE_VISIT)
async def show_series(context: RequestContext, command: ShowSeries, visit: Visit) -> Reply:
    """Show what is free of the dates."""
    if refusal := cannot_repeat(context, visit, command.weeks, command.count):
        return refusal
    plan = await plan_series(context, command, visit)
    return plan if isinstance(plan, Reply) else await series_page(context, plan, visit)


@writes(BookSeries, access=MOVABLE_VISIT_LOCKED)
async def book_series(context: RequestContext, command: BookSeries, visit: Visit) -> Reply:
    """Book all that was chosen; where it is not as it was shown, show it as it is and book nothing."""
    if refusal := cannot_repeat(context, visit, command.weeks, command.count):
        return refusal
    asked = ShowSeries.model_validate(command.model_dump(include=set(ShowSeries.model_fields)))
    plan = await plan_series(context, asked, visit, lock=True)
    if isinstance(plan, Reply):
        return plan
    if mark_of(plan.table) != command.times:
        return await _look_again(context, plan, visit, command)
    written = await _write(context, plan, visit)
    if written is None:
        again = await plan_series(context, asked, visit)
        return again if isinstance(again, Reply) else await _look_again(context, again, visit, command)
    if changed := changed_terms(command.terms, terms_of(written[0])):
        await take_back(context.session, *(each.id for each in written))
        page = await series_page(context, plan, visit)
        return replace(page, toast=summary.changed(context.texts, changed), alert=True, outcome="conflict")
    return await _booked(context, visit, written)


async def _write(context: RequestContext, plan: SeriesPlan, visit: Visit) -> list[Visit] | None:
    new = NewVisit(visit.customer_id, context.business.currency)
    starts = [datetime.fromtimestamp(start, UTC) for start in chosen(plan.table)]
    return await place_series(context.session, plan.outlook, plan.repeated, new, starts, context.now)


async def _booked(context: RequestContext, visit: Visit, written: list[Visit]) -> Reply:
    """Keep what holds for all of them, and promise what follows."""
    numbers = [each.id for each in written]
    series = visit.series_id or visit.id
    await repository.join(context.session, series, [visit.id, *numbers])
    if visit.answers:
        await repository.copy_answers(context.session, visit.id, numbers)
    await promises.of_series(context, [replace(each, series_id=series) for each in written])
    toast = context.texts.text("Booked!")
    if not is_by_staff(visit, context.user.id):
        return Reply(toast=toast, changed=True, outcome="confirmed")
    view = views.booked(context.texts, written, by_staff=True)
    return Reply(view, toast=toast, changed=True, outcome="confirmed")


async def _look_again(context: RequestContext, plan: SeriesPlan, visit: Visit, command: BookSeries) -> Reply:
    page = await series_page(context, plan, visit, command.said)
    return replace(page, toast=views.changed(context.texts), alert=True, outcome="conflict")


@writes(AskCancelLater, access=MOVABLE_VISIT)
async def ask_cancel_later(context: RequestContext, command: AskCancelLater, visit: Visit) -> Reply:
    """Show which visits would be cancelled."""
    if refusal := not_cancelled(context, visit, command.version):
        return refusal
    return later_question(context, await this_and_later(context, visit))


@writes(CancelLater, access=MOVABLE_VISIT_LOCKED)
async def cancel_later(context: RequestContext, command: CancelLater, visit: Visit) -> Reply:
    """Cancel the visits that were shown; where they are not the same any more, show those that are."""
    if refusal := not_cancelled(context, visit, command.version):
        return refusal
    visits = await this_and_later(context, visit)
    if mark_of_visits(visits) != command.times:
        again = later_question(context, visits)
        return replace(again, toast=views.others_now(context.texts), alert=True, outcome="stale")
    await repository.cancel_all(context.session, visits)
    cancelled = [replace(each, version=each.version + 1, status=Status.CANCELLED) for each in visits]
    await promises.of_cancellation(context, cancelled)
    if not is_by_staff(visit, context.user.id):
        return Reply(toast=context.texts.text("Cancelled."), changed=True, outcome="cancelled")
    view = views.cancelled(context.texts, cancelled, by_staff=True)
    return Reply(view, toast=called_off(context.texts, visit), changed=True, outcome="cancelled")


@writes(AskMoveLater, access=MOVABLE_VISIT_LOCKED)
async def ask_move_later(context: RequestContext, command: AskMoveLater, visit: Visit) -> Reply:
    """Show what would come of moving a visit with the later ones; it is tried, and rolled back."""
    if refusal := not_shifted(context, visit, command.moving.version):
        return refusal
    shifts = await shift_all(context, visit, command.start)
    return shift_question(context, command.moving, command.start, shifts)


@writes(MoveLater, access=MOVABLE_VISIT_LOCKED)
async def move_later(context: RequestContext, command: MoveLater, visit: Visit) -> Reply:
    """Move the visits that were shown to move; where others would, show those and move none."""
    if refusal := not_shifted(context, visit, command.moving.version):
        return refusal
    shifts = await shift_all(context, visit, command.start)
    pairs = moving(shifts)
    if not pairs or mark_of_shifts(shifts) != command.times:
        again = shift_question(context, command.moving, command.start, shifts)
        return replace(again, toast=not_as_shown(context.texts), alert=True, outcome="conflict")
    await promises.of_moves(context, pairs)
    toast = moved_words(context, visit)
    if not is_by_staff(visit, context.user.id):
        return Reply(toast=toast, changed=True, outcome="moved")
    view = views.moved(context.texts, [after for _, after in pairs], by_staff=True)
    return Reply(view, toast=toast, changed=True, outcome="moved")
