"""What the people who work here see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from shared.contracts.staff import ShowAgenda
from shared.i18n.translator import Html, Translator
from worker.notices.rules import Absence
from worker.ui.buttons import menu
from worker.ui.cells import Cell, cell
from worker.ui.graphemes import utf16
from worker.ui.phrases import price_lines, shortened
from worker.ui.view import Button, View
from worker.visits.repository import Visit
from worker.visits.views import no_note, note_lines

ROOM = 3900
"""What a message holds, in UTF-16 units, with room for two lines more; markup is counted, which is safe."""
SILENT: Final = "🔕"
"""Beside whoever cannot be written to."""
NOTE_WIDTH: Final = 80
"""Characters of a note; the whole of it stands in the notice of it."""


def home_row(texts: Translator) -> list[Button]:
    """The menu's row of the agenda."""
    return [today(texts), week(texts)]


def today(texts: Translator) -> Button:
    """Return the way to the day's visits."""
    return Button(texts.text("Today"), ShowAgenda())


def week(texts: Translator) -> Button:
    """Return the way to the visits of the seven days from today."""
    return Button(texts.text("Week"), ShowAgenda(days=7))


def agenda(
    texts: Translator, visits: Sequence[Visit], first: date, days: int, zone: ZoneInfo, *, everyone: bool
) -> View:
    """The visits from `first` on, by the business's clock.

    A day says what customers noted, unless that would leave visits out; a sign says that they did then.
    """
    days_of = [first + timedelta(days=number) for number in range(days)]
    lines = _lines(texts, visits, days_of, AgendaStyle(zone, everyone=everyone, notes=days == 1))
    if len(shown := _fitting(lines)) < len(lines) and days == 1:
        lines = _lines(texts, visits, days_of, AgendaStyle(zone, everyone=everyone, notes=False))
        shown = _fitting(lines)
    if len(shown) < len(lines):
        shown.append(texts.html("…and more: look at the single days."))
    if any(SILENT in line for line in shown):
        shown.append(texts.html("{sign} cannot be written to here", sign=SILENT))
    return View(Html("\n".join(shown)), [_turning(texts, first, days), _other(texts, first, days)])


@dataclass(frozen=True, slots=True)
class AgendaStyle:
    """How an agenda writes its visits."""

    zone: ZoneInfo
    everyone: bool
    """Whether it says whose each visit is."""
    notes: bool
    """Whether it says what customers noted, and not only that they did."""


def _lines(
    texts: Translator, visits: Sequence[Visit], days: Sequence[date], style: AgendaStyle
) -> list[Html]:
    one = len(days) == 1
    lines = [] if one else [texts.html("<b>{days}</b>", days=_range(texts, days[0], len(days))), Html()]
    for day in days:
        of_day = [visit for visit in visits if visit.start.astimezone(style.zone).date() == day]
        if of_day or one:
            lines.append(texts.html("<b>{day}</b>", day=texts.title(texts.day(day))))
            lines += [_line(texts, visit, style) for visit in of_day] or [texts.html("No visits.")]
        else:
            lines.append(texts.html("{day}: no visits", day=texts.title(texts.short_day(day))))
    return lines


def _fitting(lines: list[Html]) -> list[Html]:
    """Return as many lines as one message holds; names may be long."""
    lengths = accumulate(utf16(line) + 1 for line in lines)
    return [line for line, length in zip(lines, lengths, strict=True) if length <= ROOM]


def _line(texts: Translator, visit: Visit, style: AgendaStyle) -> Html:
    line = texts.html(
        "{start}–{end} {service}, {customer}",
        start=texts.time(visit.start.astimezone(style.zone)),
        end=texts.time(visit.end.astimezone(style.zone)),
        service=visit.service,
        customer=visit.customer,
    )
    if not visit.customer_reachable:
        line = Html(f"{line} {SILENT}")
    if visit.attending:
        line = Html(f"{line} 👍")
    if style.everyone:
        who = visit.specialist if visit.specialist_reached else f"{visit.specialist} {SILENT}"
        line = texts.html("{line} ({specialist})", line=line, specialist=who)
    return Html(f"{line}{_note(texts, visit, style)}")


def _note(texts: Translator, visit: Visit, style: AgendaStyle) -> Html:
    if not visit.note:
        return Html()
    if not style.notes:
        return Html(" 📝")
    note = texts.html("📝 {note}", note=shortened(visit.note, NOTE_WIDTH))
    return Html(f"\n{note}")


def _range(texts: Translator, first: date, days: int) -> str:
    return texts.days(first, first + timedelta(days=days - 1))


def _turning(texts: Translator, first: date, days: int) -> list[Button]:
    step = timedelta(days=days)
    return [
        Button("‹", ShowAgenda(days=days, first=first - step)),
        cell(texts.title(texts.short_day(first)) if days == 1 else _range(texts, first, days), Cell.DAYS),
        Button("›", ShowAgenda(days=days, first=first + step)),
    ]


def _other(texts: Translator, first: date, days: int) -> list[Button]:
    other = Button(texts.text("Week"), ShowAgenda(days=7, first=first)) if days == 1 else today(texts)
    return [other, menu(texts)]


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a visit: told as it was then, whatever has become of the visit since."""

    what: str
    at: datetime
    was: datetime | None
    specialist: str
    """Whose visit it was then."""
    instead: Absence | None
    """Why it is not the specialist who is told."""


def notice(texts: Translator, visit: Visit, news: News) -> View:
    """What happened to a visit, for its specialist, or for whoever is told instead and why."""
    zone = ZoneInfo(visit.timezone)
    titles = {
        "booked": texts.html("🆕 <b>New visit</b>"),
        "moved": texts.html("↪️ <b>Visit moved</b>"),
        "cancelled": texts.html("❌ <b>Visit cancelled</b>"),
        "noted": texts.html("📝 <b>Note to a visit</b>"),
    }
    local = news.at.astimezone(zone)
    lines = [
        titles[news.what],
        texts.html("{day}, {time}", day=texts.title(texts.day(local.date())), time=texts.time(local)),
        texts.html("{service}, {customer}", service=visit.service, customer=visit.customer),
        *price_lines(texts, visit.price, visit.currency),
        *note_lines(texts, visit),
    ]
    if news.what == "noted" and not visit.note:
        lines.append(no_note(texts))
    if news.was is not None:
        before = news.was.astimezone(zone)
        lines.append(
            texts.html("Before: <s>{day}, {time}</s>", day=texts.day(before.date()), time=texts.time(before))
        )
    if news.instead is not None:
        lines += [Html(), _why(texts, news.specialist, news.instead)]
    the_day = Button(texts.text("The day"), ShowAgenda(first=local.date()))
    return View(Html("\n".join(lines)), [[the_day]])


def _why(texts: Translator, who: str, why: Absence) -> Html:
    match why:
        case Absence.LEFT:
            return texts.html("You get this because {specialist} no longer works here.", specialist=who)
        case Absence.NO_TELEGRAM:
            return texts.html("You get this because {specialist} has no Telegram here.", specialist=who)
        case Absence.NEVER_HERE:
            return texts.html("You get this because {specialist} has not started this bot.", specialist=who)
        case Absence.UNREACHABLE:
            return texts.html("You get this because {specialist} blocked this bot.", specialist=who)
        case _:
            assert_never(why)
