"""What stands beside the calendar file of a visit."""

from shared.i18n.translator import Html, Translator
from shared.telegram.client import Upload
from worker.calendar_files.files import ENDING, is_in_calendars
from worker.ui.view import Media, MediaType, View
from worker.visits.repository import Visit


def calendar(texts: Translator, visit: Visit, file: Upload) -> View:
    """The calendar file, which is another one for each version of a visit."""
    return View(_file_words(texts, visit), shows=Media(MediaType.DOCUMENT, file, reused=False))


def _file_words(texts: Translator, visit: Visit) -> Html:
    """What to do with the file; what a calendar holds already, the file changes there."""
    if visit.status in ENDING:
        return texts.html(
            "Is the visit in your calendar? Open this file to take it out. "
            "If your calendar does not take it, delete it there."
        )
    if is_in_calendars(visit):
        return texts.html("For your calendar. Open it to bring the visit up to date there, too.")
    return texts.html("For your calendar.")
