"""Hours of single dates as people read them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.business.opening import Windows
from worker.dates.rules import DatedHours, HoursChange
from worker.ui.phrases import called, clock_span
from worker.ui.view import Button
from worker.visits.repository import Visit

if TYPE_CHECKING:
    from worker.business.stored import ComingVisit

CHANGES_SHOWN: Final = 12
UNCOVERED: Final = "⚠️"
"""Beside a visit for which nobody is there."""


def hours(texts: Translator, windows: Windows) -> str:
    """Write the hours of a day."""
    return ", ".join(clock_span(texts, *window) for window in windows) or texts.text("closed")


def changes(texts: Translator, changes: Sequence[HoursChange]) -> list[Html]:
    """Say what closes and what opens, day by day."""
    lines = [_change(texts, each) for each in changes[:CHANGES_SHOWN]]
    return [*lines, *and_more(texts, len(changes) - len(lines))]


def and_more(texts: Translator, more: int) -> list[Html]:
    """Say how many more there are than are shown; nothing where all are."""
    return [Html(texts.plural("and {number} more", "and {number} more", more))] if more > 0 else []


def _change(texts: Translator, change: HoursChange) -> Html:
    days = days_name(texts, change.first, change.last)
    said = {"days": days, "closes": hours(texts, change.closes), "opens": hours(texts, change.opens)}
    if not change.opens:
        return texts.html("{days}: closes {closes}", **said)
    if not change.closes:
        return texts.html("{days}: opens {opens}", **said)
    return texts.html("{days}: closes {closes}, opens {opens}", **said)


def left_alone(texts: Translator, count: int) -> Html:
    """Say that nobody is there for so many visits."""
    said = texts.plural(
        "{number} visit is booked for which nobody is there:",
        "{number} visits are booked for which nobody is there:",
        count,
    )
    return Html(f"{UNCOVERED} {said}")


def visit_button(texts: Translator, number: int, start: datetime, visit: "Visit | ComingVisit") -> Button:
    """The way to a visit for which nobody is there."""
    when = f"{texts.title(texts.short_day(start.date()))}, {texts.time(start)}"
    label = f"{UNCOVERED} {when} · {visit.service} · {called(texts, visit.customer)}"
    return Button(label, ShowStaffCard(booking_id=number))


def dated(texts: Translator, run: DatedHours) -> Html:
    """Write days in a row with their hours."""
    days = days_name(texts, run.first, run.last)
    return texts.html("• {days}: {hours}", days=days, hours=hours(texts, run.windows))


def day_name(texts: Translator, day: date) -> str:
    """Write a date; the year, too, where it is not that of `today`."""
    return texts.title(texts.short_day(day))


def days_name(texts: Translator, first: date, last: date) -> str:
    """Write days in a row: the first and the last."""
    if first == last:
        return day_name(texts, first)
    return f"{day_name(texts, first)} – {day_name(texts, last)}"
