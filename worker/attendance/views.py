"""What staff see of who came: the mark of a visit, and the buttons that change it."""

from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from shared.contracts.staff import MarkArrived, MarkDone, MarkNoShow, UndoMark
from shared.i18n.translator import Html, Translator
from worker.attendance.rules import Hindrance, possible_marks, undoable_mark
from worker.db.models.booking import Mark
from worker.ui.phrases import called
from worker.ui.view import Button, Keyboard
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle
from worker.visits.views import obstacle as visit_obstacle


def mark_sign(mark: Mark) -> str:
    """Return the sign of a mark."""
    match mark:
        case Mark.ARRIVED:
            return "🛋"
        case Mark.DONE:
            return "✅"
        case Mark.NO_SHOW:
            return "🚷"
        case _:
            assert_never(mark)


def mark_lines(texts: Translator, visit: Visit) -> list[Html]:
    """The mark of a visit, and since when its customer was here."""
    lines = []
    if visit.mark is Mark.DONE:
        lines.append(texts.html("✅ Done"))
    if visit.mark is Mark.NO_SHOW:
        lines.append(texts.html("🚷 Did not come. The customer is not told."))
    if visit.arrived_at is not None:
        local = visit.arrived_at.astimezone(ZoneInfo(visit.timezone))
        lines.append(texts.html("🛋 Arrived at {time}", time=texts.time(local)))
    return lines


def mark_rows(texts: Translator, visit: Visit, now: datetime) -> Keyboard:
    """The marks that the visit may get now, and the way to take its mark back."""
    marks = [_button(texts, visit, mark) for mark in possible_marks(visit, now)]
    mark = undoable_mark(visit, now)
    undo = [] if mark is None else [_undo(texts, visit, mark)]
    return [marks, undo]


def _button(texts: Translator, visit: Visit, mark: Mark) -> Button:
    match mark:
        case Mark.ARRIVED:
            return Button(texts.text("Arrived"), MarkArrived(booking_id=visit.id, version=visit.version))
        case Mark.DONE:
            done = MarkDone(booking_id=visit.id, version=visit.version)
            return Button(texts.text("Done"), done, style="success")
        case Mark.NO_SHOW:
            missed = MarkNoShow(booking_id=visit.id, version=visit.version)
            return Button(texts.text("No-show"), missed, style="danger")
        case _:
            assert_never(mark)


def _undo(texts: Translator, visit: Visit, mark: Mark) -> Button:
    return Button(texts.text("Undo"), UndoMark(booking_id=visit.id, version=visit.version, mark=mark))


def refusal(texts: Translator, visit: Visit, found: Obstacle | Hindrance, by: str | None) -> str:
    """Say what stands in the way; `by` is the name of who was faster."""
    if isinstance(found, Obstacle):
        return visit_obstacle(texts, visit, found)
    match found:
        case Hindrance.MARKED:
            who = texts.text("Somebody") if by is None else called(texts, by)
            return _by_others(texts, visit.mark, who)
        case Hindrance.TOO_EARLY:
            return texts.text("It is too early for that.")
        case Hindrance.TOO_LATE:
            return texts.text("It is too late for that: it was possible until a day after the visit.")
        case _:
            assert_never(found)


def _by_others(texts: Translator, mark: Mark | None, who: str) -> str:
    match mark:
        case Mark.ARRIVED:
            return texts.text("{name} has marked it already: arrived.", name=who)
        case Mark.DONE:
            return texts.text("{name} has marked it already: done.", name=who)
        case Mark.NO_SHOW:
            return texts.text("{name} has marked it already: no-show.", name=who)
        case None:
            return texts.text("{name} has taken the mark back.", name=who)
        case _:
            assert_never(mark)
