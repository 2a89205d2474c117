"""What people see of visits that move together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.booking import Moving
from shared.contracts.own_visits import ShowBooking
from shared.contracts.series import MoveLater
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.shifting.rules import Shift, mark_of_shifts, moving
from worker.ui.phrases import visit_line
from worker.ui.view import Button, Keyboard, View


@dataclass(frozen=True, slots=True)
class ShiftPage:
    """Visits that somebody is about to move."""

    moving: Moving
    start: datetime
    shifts: Sequence[Shift]
    by_staff: bool


def question(texts: Translator, page: ShiftPage) -> View:
    """Where each visit comes to, and which stay as they are."""
    first = page.shifts[0].visit
    lines = [
        texts.html("<b>Move these visits?</b>"),
        visit_line(texts, first.service, first.specialist),
        *(_line(texts, each) for each in page.shifts),
    ]
    show = ShowStaffCard if page.by_staff else ShowBooking
    keep = Button(texts.text("No, keep them"), show(booking_id=first.id))
    return View(Html("\n".join(lines)), [*_confirm(texts, page), [keep]])


def _confirm(texts: Translator, page: ShiftPage) -> Keyboard:
    count = len(moving(page.shifts))
    if not count:
        return []
    command = MoveLater(moving=page.moving, start=page.start, times=mark_of_shifts(page.shifts))
    words = texts.plural("Move {number} visit", "Move {number} visits", count)
    return [[Button(words, command, style="success")]]


def _line(texts: Translator, shift: Shift) -> Html:
    zone = ZoneInfo(shift.visit.timezone)
    before, after = _said(texts, shift.visit.start, zone), _said(texts, shift.start, zone)
    if shift.moved is None:
        return texts.html("❌ {before} stays: it cannot be moved to {after}", before=before, after=after)
    return texts.html("✅ <s>{before}</s> → {after}", before=before, after=after)


def _said(texts: Translator, moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    day = texts.title(texts.short_day(local.date()))
    return texts.text("{day}, {time}", day=day, time=texts.time(local))


def not_as_shown(texts: Translator) -> str:
    """Say that something else would come of it than was shown."""
    return texts.text("Something has changed since you looked: nothing is moved yet. Is it all right now?")
