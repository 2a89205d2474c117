"""What people see of the note to a visit beside the card."""

from shared.contracts.base import DraftRef
from shared.contracts.notes import LONGEST_NOTE, RestoreNote, WriteNote
from shared.contracts.own_visits import ShowBooking
from shared.i18n.translator import Html, Translator
from worker.ui.buttons import question_buttons
from worker.ui.view import Button, View
from worker.visits.repository import Visit
from worker.visits.views import no_note, note_lines


def note_question(texts: Translator, visit: Visit) -> View:
    """The question for a note; its answer is typed."""
    lines = [texts.html("<b>What should {specialist} know before the visit?</b>", specialist=visit.listener)]
    lines.append(texts.html("Write it here, in up to {count} characters.", count=LONGEST_NOTE))
    rows = question_buttons(texts)
    if visit.note:
        lines.append(texts.html("Your note so far: <i>{note}</i>", note=visit.note))
        rows = [[Button(texts.text("Remove the note"), WriteNote(booking_id=visit.id))], *rows]
    return View(Html("\n".join(lines)), rows, asks=True)


def noted(texts: Translator, visit: Visit, undo: DraftRef | None = None) -> View:
    """How a visit's note stands, with a way to take the change back."""
    back = [[Button(texts.text("Undo"), RestoreNote(draft=undo))]] if undo else []
    show = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    kept = texts.html("<b>Kept. {specialist} can read it.</b>", specialist=visit.listener)
    lines = [kept, *note_lines(texts, visit)] if visit.note else [no_note(texts)]
    return View(Html("\n".join(lines)), [*back, [show]])
