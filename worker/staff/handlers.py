"""The visits of a day or a week for the people who work here, and what they do about one of them."""

from dataclasses import replace

from shared.contracts.staff import (
    AskCallOff,
    AskCallOffWord,
    CallOff,
    CallOffWithWord,
    ConfirmForCustomer,
    MarkArrived,
    MarkDone,
    MarkNoShow,
    ShowAgenda,
    ShowAgendaPicture,
    ShowStaffCard,
    ShowVisitHistory,
    UndoMark,
)
from worker.aftercare.repository import load_rating
from worker.agenda.access import CALENDAR_VISIT, CALENDAR_VISIT_LOCKED
from worker.agenda.columns import columns
from worker.agenda.loading import load_agenda, load_plan
from worker.agenda.palette import DARK, LIGHT
from worker.agenda.picture import Picture
from worker.agenda.repository import is_uncovered
from worker.agenda.views import MOST_COLUMNS, agenda_picture, days_of
from worker.agenda.views import agenda as agenda_view
from worker.attendance import repository as marks
from worker.attendance.rules import Hindrance, obstacle_to_mark, obstacle_to_undo
from worker.attendance.views import refusal as mark_refusal
from worker.cancelling import promises
from worker.db.models.booking import Mark, Status
from worker.keeping.repository import cancel as end_visit
from worker.reminders.repository import attend
from worker.runtime.access import OWN_CALENDAR
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.staff import repository, views
from worker.staff.promises import promise_card_in
from worker.staff.replies import history
from worker.ui.buttons import Page
from worker.ui.reply import Reply
from worker.ui.view import View
from worker.visits.promises import promise_anew
from worker.visits.repository import Visit, load
from worker.visits.rules import Obstacle, obstacle_for_business
from worker.visits.views import obstacle as visit_obstacle


@reads(ShowAgenda, access=OWN_CALENDAR)
async def show_agenda(context: RequestContext, command: ShowAgenda, specialist_id: int | None) -> Reply:
    """Show the visits of a specialist's calendar, or of everyone's."""
    asked = command.model_copy(update={"first": command.first or context.now.astimezone(context.zone).date()})
    zone = context.zone
    visits, style = await load_agenda(context.session, days_of(asked), specialist_id, zone, context.now)
    return Reply(agenda_view(context.texts, visits, asked, replace(style, pause=context.pause)))


@reads(ShowAgendaPicture, access=OWN_CALENDAR)
async def show_picture(
    context: RequestContext, command: ShowAgendaPicture, specialist_id: int | None
) -> Reply:
    """Draw the visits of a specialist's calendar, or of everyone's."""
    today = context.now.astimezone(context.zone).date()
    asked = command.model_copy(update={"first": command.first or today})
    days = days_of(asked)
    agenda = await load_plan(context.session, days, specialist_id, context.zone, context.now)
    of_days = columns(agenda.visits, days, context.zone, agenda.hours, agenda.names)
    page = Page.of(of_days, asked.page, MOST_COLUMNS)
    palette = DARK if asked.dark else LIGHT
    svg = Picture(context.texts, page.shown, agenda.style, context.now, palette).svg()
    return Reply(agenda_picture(context.texts, svg, page, asked))


@reads(ShowStaffCard, access=CALENDAR_VISIT)
async def show_visit(context: RequestContext, _: ShowStaffCard, visit: Visit) -> Reply:
    """Show a visit of the calendar."""
    return Reply(await _staff_card(context, visit))


@reads(AskCallOff, access=CALENDAR_VISIT)
async def ask_call_off(context: RequestContext, command: AskCallOff, visit: Visit) -> Reply:
    """Ask before cancelling for the business."""
    obstacle = obstacle_for_business(visit, command.version, context.now)
    if obstacle is not None:
        return await _refused(context, visit, obstacle)
    return Reply(views.call_off(context.texts, visit))


@writes(CallOff, access=CALENDAR_VISIT_LOCKED)
async def call_off(context: RequestContext, command: CallOff, visit: Visit) -> Reply:
    """Cancel a visit for the business, however late it is; its customer is told that the business did it."""
    return await _call_off(context, visit, command.version)


@writes(AskCallOffWord, access=CALENDAR_VISIT)
async def ask_call_off_word(context: RequestContext, command: AskCallOffWord, visit: Visit) -> Reply:
    """Ask what the customer is to read of the cancellation."""
    obstacle = obstacle_for_business(visit, command.version, context.now)
    if obstacle is not None:
        return await _refused(context, visit, obstacle)
    if visit.is_by_phone:
        return Reply(views.call_off(context.texts, visit))
    under = context.tapped_message_id
    asks = CallOffWithWord(booking_id=visit.id, version=command.version, word="", asked_in=under)
    return Reply(views.word_question(context.texts, visit), changed=True, asks=asks)


@writes(CallOffWithWord, access=CALENDAR_VISIT_LOCKED)
async def call_off_with_word(context: RequestContext, command: CallOffWithWord, visit: Visit) -> Reply:
    """Cancel a visit for the business; its customer reads the word."""
    reply = await _call_off(context, visit, command.version, command.word)
    if reply.changed and command.asked_in is not None:
        promise_card_in(context, visit.id, command.asked_in)
    return reply


@reads(ShowVisitHistory, access=CALENDAR_VISIT)
async def show_history(context: RequestContext, _: ShowVisitHistory, visit: Visit) -> Reply:
    """Show who did what to a visit."""
    events = await repository.load_events(context.session, visit.id)
    return Reply(history(context.texts, visit, events))


@writes(MarkArrived, access=CALENDAR_VISIT_LOCKED)
async def mark_arrived(context: RequestContext, command: MarkArrived, visit: Visit) -> Reply:
    """Note that the customer is here."""
    return await _mark(context, visit, command.version, Mark.ARRIVED)


@writes(MarkDone, access=CALENDAR_VISIT_LOCKED)
async def mark_done(context: RequestContext, command: MarkDone, visit: Visit) -> Reply:
    """Note that the visit has been."""
    return await _mark(context, visit, command.version, Mark.DONE)


@writes(MarkNoShow, access=CALENDAR_VISIT_LOCKED)
async def mark_no_show(context: RequestContext, command: MarkNoShow, visit: Visit) -> Reply:
    """Note that the customer did not come. Nobody is told, and the time stays theirs until it is over."""
    return await _mark(context, visit, command.version, Mark.NO_SHOW)


@writes(UndoMark, access=CALENDAR_VISIT_LOCKED)
async def undo_mark(context: RequestContext, command: UndoMark, visit: Visit) -> Reply:
    """Take a mark back, unless it is another one by now."""
    obstacle = obstacle_to_undo(visit, command.version, command.mark, context.now)
    if obstacle is not None:
        return await _mark_refused(context, visit, obstacle)
    mark = Mark(command.mark)
    await marks.remove_mark(context.session, visit.id, mark)
    context.note(visit.id, "unmarked", was=mark)
    return await _card(context, visit, toast=context.texts.text("Undone."), outcome="unmarked")


@writes(ConfirmForCustomer, access=CALENDAR_VISIT_LOCKED)
async def confirm_for_customer(context: RequestContext, command: ConfirmForCustomer, visit: Visit) -> Reply:
    """Note that the customer will be there, as they said by phone; a second tap finds it noted."""
    obstacle = obstacle_for_business(visit, command.version, context.now)
    if obstacle is not None:
        return await _refused(context, visit, obstacle)
    if not visit.attending:
        await attend(context.session, visit.id, context.now)
        context.note(visit.id, "attending")
        promise_anew(context, replace(visit, attending=True))
    return await _card(context, visit, toast=context.texts.text("Noted."), outcome="marked")


async def _call_off(context: RequestContext, visit: Visit, version: int, word: str = "") -> Reply:
    obstacle = obstacle_for_business(visit, version, context.now)
    if obstacle is not None:
        return await _refused(context, visit, obstacle)
    await end_visit(context.session, visit)
    gone = replace(visit, version=visit.version + 1, status=Status.CANCELLED)
    await promises.of_staff_cancellation(context, gone, word)
    toast = views.called_off(context.texts, gone)
    return Reply(
        views.staff_card(context.texts, gone, context.now), toast=toast, changed=True, outcome="called_off"
    )


async def _staff_card(context: RequestContext, visit: Visit) -> View:
    alone = await is_uncovered(context.session, visit, context.zone, context.now)
    rating = await load_rating(context.session, visit.id) if visit.until <= context.now else None
    return views.staff_card(context.texts, visit, context.now, uncovered=alone, rating=rating)


async def _refused(context: RequestContext, visit: Visit, obstacle: Obstacle) -> Reply:
    return await _not_now(context, visit, visit_obstacle(context.texts, visit, obstacle))


async def _not_now(context: RequestContext, visit: Visit, toast: str) -> Reply:
    view = await _staff_card(context, visit)
    return Reply(view, toast=toast, alert=True, outcome="stale")


async def _mark(context: RequestContext, visit: Visit, version: int, mark: Mark) -> Reply:
    obstacle = obstacle_to_mark(visit, version, mark, context.now)
    if obstacle is not None:
        return await _mark_refused(context, visit, obstacle)
    await marks.write_mark(context.session, visit.id, mark, context.now)
    context.note(visit.id, mark)
    return await _card(context, visit, toast=context.texts.text("Noted."), outcome="marked")


async def _card(context: RequestContext, visit: Visit, *, toast: str, outcome: str) -> Reply:
    marked = await load(context.session, visit.id) or visit
    view = await _staff_card(context, marked)
    return Reply(view, toast=toast, changed=True, outcome=outcome)


async def _mark_refused(context: RequestContext, visit: Visit, obstacle: Obstacle | Hindrance) -> Reply:
    by = None
    if obstacle is Hindrance.MARKED:
        by = await marks.load_last_marker(context.session, visit.id)
    return await _not_now(context, visit, mark_refusal(context.texts, visit, obstacle, by))
