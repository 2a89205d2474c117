"""Looking at one's visits, and what is done about them beside choosing a time."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Final

from shared.contracts.base import DraftRef
from shared.contracts.visits import (
    AskCancel,
    AskCancelReason,
    AskLateness,
    AskNote,
    Cancel,
    CompleteVisit,
    ConfirmAttendance,
    RestoreNote,
    SayLateness,
    ShowBooking,
    ShowBookings,
    ShowMap,
    ShowPast,
    WriteCancelReason,
    WriteNote,
)
from shared.i18n.marking import text_noop
from worker.drafts import repository as drafts
from worker.drafts.access import OwnDraft
from worker.drafts.repository import DraftData
from worker.lateness import views as lateness
from worker.lateness.repository import write_lateness
from worker.runtime.access import TIMERS_ONLY
from worker.runtime.capability import reads, writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import promises, repository, views
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.replies import card_reply, not_said, refused
from worker.visits.repository import Visit
from worker.visits.rules import (
    obstacle_to_answer,
    obstacle_to_ask_lateness,
    obstacle_to_cancel,
    obstacle_to_lateness,
)

NOTE_DRAFT: Final = "visits.note"
TOO_LATE_TO_UNDO: Final = text_noop("This cannot be undone any more.")


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A change of a visit's note, kept so that it can be taken back."""

    booking_id: int
    before: str | None
    after: str | None


@reads(ShowBookings)
async def show_bookings(context: RequestContext, command: ShowBookings) -> Reply:
    """Show what is coming."""
    visits = await repository.load_upcoming(context.session, context.user.id, context.now)
    return Reply(views.upcoming(context.texts, visits, command, context.zone))


@reads(ShowPast)
async def show_past(context: RequestContext, command: ShowPast) -> Reply:
    """Show what is over; each leads to its card, and that to booking it again."""
    visits = await repository.load_past(context.session, context.user.id, context.now)
    today = context.now.astimezone(context.zone).date()
    return Reply(views.past(context.texts, visits, command, context.zone, today))


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


@reads(AskCancel, access=OWN_VISIT)
async def ask_cancel(context: RequestContext, command: AskCancel, visit: Visit) -> Reply:
    """Ask before cancelling."""
    obstacle = obstacle_to_cancel(visit, command.version, context.now)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    return Reply(views.cancel_question(context.texts, visit))


@writes(Cancel, access=OWN_VISIT_LOCKED)
async def cancel(context: RequestContext, command: Cancel, visit: Visit) -> Reply:
    """Cancel the visit; its time is free for others at once."""
    obstacle = obstacle_to_cancel(visit, command.version, context.now)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    await repository.cancel(context.session, visit)
    await promises.of_cancellation(context, replace(visit, version=visit.version + 1))
    return Reply(toast=context.texts.text("Cancelled."), changed=True, outcome="cancelled")


@writes(AskCancelReason, access=OWN_VISIT)
async def ask_cancel_reason(context: RequestContext, _: AskCancelReason, visit: Visit) -> Reply:
    """Ask why the visit was cancelled; nobody has to say."""
    if not visit.explainable:
        return card_reply(context, visit, toast=context.texts.text("There is nothing to explain."))
    asks = WriteCancelReason(booking_id=visit.id, reason="")
    return Reply(views.reason_question(context.texts, visit), changed=True, asks=asks)


@writes(WriteCancelReason, access=OWN_VISIT_LOCKED)
async def write_cancel_reason(context: RequestContext, command: WriteCancelReason, visit: Visit) -> Reply:
    """Keep why, once, among what happened to the visit, and tell whoever would have waited."""
    if not visit.explainable:
        return card_reply(context, visit, toast=context.texts.text("There is nothing to explain."))
    context.note(visit.id, "explained", reason=command.reason)
    explained = replace(visit, explainable=False)
    await promises.of_explanation(context, explained)
    return Reply(views.explained(context.texts, explained), changed=True)


@writes(ConfirmAttendance, access=OWN_VISIT_LOCKED)
async def confirm_attendance(context: RequestContext, command: ConfirmAttendance, visit: Visit) -> Reply:
    """Note that the customer will be there; a second tap finds it noted."""
    obstacle = obstacle_to_answer(visit, command.version)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    if visit.start <= context.now:
        return card_reply(context, visit, toast=context.texts.text("This visit has begun already."))
    thanks = context.texts.text("Thank you, see you then!")
    if visit.attending:
        return Reply(views.see_you(context.texts, visit, context.now), toast=thanks, card=visit.id)
    await repository.attend(context.session, visit.id, context.now)
    context.note(visit.id, "attending")
    promises.promise_attending(context, visit)
    return Reply(toast=thanks, changed=True, outcome="attending")


@writes(AskNote, access=OWN_VISIT)
async def ask_note(context: RequestContext, _: AskNote, visit: Visit) -> Reply:
    """Ask what should be known before the visit."""
    obstacle = obstacle_to_answer(visit, visit.version)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    asks = WriteNote(booking_id=visit.id)
    return Reply(views.note_question(context.texts, visit), changed=True, asks=asks)


@writes(WriteNote, access=OWN_VISIT_LOCKED)
async def write_note(context: RequestContext, command: WriteNote, visit: Visit) -> Reply:
    """Keep the note and have everybody see it; the note before it can be had back."""
    obstacle = obstacle_to_answer(visit, visit.version)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    if command.note == visit.note:
        return Reply(views.noted(context.texts, visit))
    data = NoteChange(visit.id, before=visit.note, after=command.note)
    undo = await drafts.create(context.session, context.user.id, NOTE_DRAFT, asdict(data), context.now)
    await _keep_note(context, replace(visit, note=command.note), undo)
    return Reply(changed=True)


@writes(RestoreNote, access=OwnDraft(NOTE_DRAFT, TOO_LATE_TO_UNDO))
async def restore_note(context: RequestContext, _: RestoreNote, draft: DraftData) -> Reply:
    """Take the change of a note back, unless the note has changed since."""
    change = NoteChange(**draft.data)
    visit = await repository.load_own(context.session, change.booking_id, context.user.id, lock=True)
    if visit is None or visit.note != change.after:
        return Reply(toast=context.texts.marked(TOO_LATE_TO_UNDO), alert=True)
    obstacle = obstacle_to_answer(visit, visit.version)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    await drafts.discard(context.session, draft)
    await _keep_note(context, replace(visit, note=change.before))
    return Reply(toast=context.texts.text("Undone."), changed=True)


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
    await promises.of_lateness(context, replace(visit, late_by=by))
    told = context.texts.text("{specialist} will know.", specialist=visit.specialist)
    return Reply(toast=told, changed=True, outcome="late")


@writes(CompleteVisit, access=TIMERS_ONLY)
async def complete(context: RequestContext, command: CompleteVisit) -> Reply:
    """Close a visit that has been: its cards offer to book it again. Its version stays."""
    await repository.complete(context.session, command.booking_id, context.now)
    visit = await repository.load(context.session, command.booking_id)
    if visit is not None and not visit.is_live:
        promises.of_completion(context, visit)
    return Reply(changed=True)


async def _keep_note(context: RequestContext, visit: Visit, undo: DraftRef | None = None) -> None:
    await repository.write_note(context.session, visit.id, visit.note)
    context.note(visit.id, "noted")
    await promises.of_note(context, visit, undo)
