"""The note to a visit: asked for, kept, taken back."""

from dataclasses import asdict, dataclass, replace
from typing import Final

from shared.contracts.base import DraftRef
from shared.contracts.notes import AskNote, RestoreNote, WriteNote
from shared.i18n.marking import text_noop
from worker.drafts import repository as drafts
from worker.drafts.access import OwnDraft
from worker.drafts.repository import DraftData
from worker.notes import promises, repository, views
from worker.runtime.capability import writes
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.access import OWN_VISIT, OWN_VISIT_LOCKED
from worker.visits.replies import refused
from worker.visits.repository import Visit, load_own
from worker.visits.rules import obstacle_to_answer

NOTE_DRAFT: Final = "visits.note"
TOO_LATE_TO_UNDO: Final = text_noop("This cannot be undone any more.")


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A change of a visit's note, kept so that it can be taken back."""

    booking_id: int
    before: str | None
    after: str | None


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
    visit = await load_own(context.session, change.booking_id, context.user.id, lock=True)
    if visit is None or visit.note != change.after:
        return Reply(toast=context.texts.marked(TOO_LATE_TO_UNDO), alert=True)
    obstacle = obstacle_to_answer(visit, visit.version)
    if obstacle is not None:
        return refused(context, visit, obstacle)
    await drafts.discard(context.session, draft)
    await _keep_note(context, replace(visit, note=change.before))
    return Reply(toast=context.texts.text("Undone."), changed=True)


async def _keep_note(context: RequestContext, visit: Visit, undo: DraftRef | None = None) -> None:
    await repository.write_note(context.session, visit.id, visit.note)
    context.note(visit.id, "noted")
    await promises.of_note(context, visit, undo)
