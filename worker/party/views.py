"""What customers see who change how many come with a booking, or say who."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from shared.contracts.own_visits import ShowBooking
from shared.contracts.party import LONGEST_NAMES, ResizeParty, WriteCompanions
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.ui.buttons import question_buttons
from worker.ui.party import how_many, size_rows
from worker.ui.phrases import visit_line, when
from worker.ui.view import Button, View
from worker.visits.repository import Visit
from worker.visits.views import companion_lines


def party(texts: Translator, visit: Visit, choices: Sequence[int], *, by_staff: bool) -> View:
    """The numbers of places to choose from, and why there are not more of them."""
    lines = [
        visit_line(texts, visit.service, visit.specialist),
        *when(texts, visit.start, visit.end, ZoneInfo(visit.timezone)),
        how_many(texts),
        *_limits(texts, visit, choices, by_staff=by_staff),
    ]
    sizes = {
        count: ResizeParty(booking_id=visit.id, version=visit.version, places=count) for count in choices
    }
    show = ShowStaffCard if by_staff else ShowBooking
    back = Button(texts.text("« Back"), show(booking_id=visit.id))
    return View(Html("\n".join(lines)), [*size_rows(sizes, visit.places), [back]])


def _limits(texts: Translator, visit: Visit, choices: Sequence[int], *, by_staff: bool) -> list[Html]:
    lines = []
    if visit.deposit is not None and by_staff:
        lines.append(texts.html("What the customer paid ahead stays with the visit."))
    elif visit.deposit is not None:
        lines.append(texts.html("What you paid ahead stays with the visit."))
    if max(choices) == visit.places < visit.most_places:
        lines.append(texts.html("No more places can be added here at the moment."))
    if min(choices) == visit.places > 1 and not by_staff:
        lines.append(texts.html("It is too late for fewer places: please call."))
    return lines


def too_many(texts: Translator, left: int) -> str:
    """Say that fewer places are free than are wanted."""
    if not left:
        return texts.text("No more places are free.")
    return texts.plural("Only {number} more place is free.", "Only {number} more places are free.", left)


def resized(texts: Translator, visit: Visit) -> str:
    """Say how many places there are now, and who has to be told by phone."""
    now = texts.plural("{number} place now.", "{number} places now.", visit.places)
    return f"{now} {texts.text('The customer has no Telegram: call them.')}" if visit.is_by_phone else now


def companions_question(texts: Translator, visit: Visit) -> View:
    """The question who comes along; its answer is typed."""
    lines = [
        texts.html("<b>Who comes along?</b> {specialist} can read it.", specialist=visit.listener),
        texts.html("Write it here, in up to {count} characters.", count=LONGEST_NAMES),
        *companion_lines(texts, visit),
    ]
    remove = Button(texts.text("Remove the names"), WriteCompanions(booking_id=visit.id))
    rows = [[remove]] if visit.companions else []
    return View(Html("\n".join(lines)), [*rows, *question_buttons(texts)], asks=True)
