"""The visits of a day or a week: a line and a button each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from shared.contracts.staff import ShowAgenda, ShowAgendaPicture, ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.agenda.rules import DayShare, Entry, entries, pressing_first
from worker.attendance.views import mark_sign
from worker.confirming.views import SIGN as UNCONFIRMED
from worker.dates.views import UNCOVERED
from worker.db.models.booking import Mark, Status
from worker.lateness.rules import lateness
from worker.lateness.views import SIGN as LATE
from worker.pause import Pause
from worker.ui.buttons import Page, menu, pager, why_missing
from worker.ui.cells import Cell, cell
from worker.ui.phrases import called, duration, paused_line, shortened, span
from worker.ui.view import Button, Drawing, View
from worker.visits.repository import Visit

ENTRIES_A_PAGE: Final = 12
"""So many fit a message, each with a day's heading, whatever they are called: see NAME_WIDTH."""
SILENT: Final = "🔕"
"""Beside whoever cannot be written to."""
BY_PHONE: Final = "📞"
"""Beside a customer without Telegram."""
ASKED_FOR: Final = "✋"
"""Beside a request, which is no agreed visit yet."""
FIRST_VISIT: Final = "🌱"
"""Beside a customer's first visit."""
MOST_COLUMNS: Final = 7
"""Of a picture: the days of a week, or so many people; more of them leave no room for a name."""
NAME_WIDTH: Final = 48
"""UTF-16 units of a service, a customer and a specialist in a line; the card has them whole."""
NOTE_WIDTH: Final = 64
"""UTF-16 units of a note in a line; the whole of it stands on the card, and in the notice of it."""


def home_row(texts: Translator) -> list[Button]:
    """The menu's row of the agenda."""
    return [today(texts), week(texts)]


def today(texts: Translator) -> Button:
    """Return the way to the day's visits."""
    return Button(texts.text("Today"), ShowAgenda())


def week(texts: Translator) -> Button:
    """Return the way to the visits of the seven days from today."""
    return Button(texts.text("Week"), ShowAgenda(days=7))


@dataclass(frozen=True, slots=True)
class AgendaStyle:
    """How an agenda writes its visits."""

    zone: ZoneInfo
    everyone: bool
    """Whether it says whose each visit is."""
    uncovered: Collection[int] = ()
    """The ids of the visits for which nobody is there."""
    first_visits: Collection[int] = ()
    """The ids of the visits that are their customers' first."""
    unconfirmed: Collection[int] = ()
    """The ids of the visits whose customers were asked and have not said that they will be there."""
    pause: Pause | None = None
    """The pause that is in force: customers can book and move nothing."""


def days_of(asked: ShowAgenda | ShowAgendaPicture) -> Sequence[date]:
    """Return the days that are asked for. Raises ValueError where the first of them is not said."""
    if asked.first is None:
        raise ValueError("an agenda begins with a day")
    return [asked.first + timedelta(days=number) for number in range(asked.days)]


def agenda(texts: Translator, visits: Sequence[Visit], asked: ShowAgenda, style: AgendaStyle) -> View:
    """The visits of the days that are asked for, by the business's clock: a line and a button each."""
    days = days_of(asked)
    listed = pressing_first(entries(visits, days, style.zone), style.uncovered)
    page = Page.of(listed, asked.page, ENTRIES_A_PAGE)
    rows = [[_button(texts, entry, entry.visit, style)] for entry in page.shown if entry.visit is not None]
    draw = Button(texts.text("Picture"), ShowAgendaPicture(days=asked.days, first=days[0]))
    turning = [_turning(texts, asked), _other(texts, days), [draw, why_missing(texts)]]
    lines = [] if style.pause is None else [paused_line(texts, style.pause), Html()]
    lines += _lines(texts, days, page.shown, style)
    lines += _legend(texts, page.shown, style)
    return View(Html("\n".join(lines)), [*rows, pager(page, asked), *turning])


def agenda_picture[T](texts: Translator, svg: str, page: Page[T], asked: ShowAgendaPicture) -> View:
    """The same as a picture; its buttons lead to other days, to the list, and to the other colours."""
    days = days_of(asked)
    shade = texts.text("Light") if asked.dark else texts.text("Dark")
    other = Button(shade, asked.model_copy(update={"dark": not asked.dark}))
    listed = Button(texts.text("List"), ShowAgenda(days=asked.days, first=days[0]))
    heading = texts.html("<b>{days}</b>", days=_title(texts, days))
    turning = [pager(page, asked), _turning(texts, asked), [listed, other], [menu(texts)]]
    return View(heading, turning, shows=Drawing(f"{days[0]}.png", svg))


def _lines(texts: Translator, days: Sequence[date], shown: Sequence[Entry], style: AgendaStyle) -> list[Html]:
    one = len(days) == 1
    lines = [] if one else [texts.html("<b>{days}</b>", days=_range(texts, days)), Html()]
    headed: tuple[date, bool] | None = None
    for entry in shown:
        if entry.visit is None and not one:
            lines.append(texts.html("{day}: no visits", day=texts.title(texts.short_day(entry.day))))
            continue
        alone = entry.visit is not None and entry.visit.id in style.uncovered
        if (entry.day, alone) != headed:
            lines.append(_heading(texts, entry.day, alone=alone))
            headed = entry.day, alone
        lines.append(
            texts.html("No visits.") if entry.visit is None else _line(texts, entry, entry.visit, style)
        )
    return lines


def _heading(texts: Translator, day: date, *, alone: bool) -> Html:
    written = texts.title(texts.day(day))
    if alone:
        return texts.html("{sign} <b>{day}: nobody is there</b>", sign=UNCOVERED, day=written)
    return texts.html("<b>{day}</b>", day=written)


def _line(texts: Translator, entry: Entry, visit: Visit, style: AgendaStyle) -> Html:
    line = texts.html(
        "{times} {service}, {customer}",
        times=_times(texts, entry, visit, style),
        service=shortened(visit.service, NAME_WIDTH),
        customer=shortened(called(texts, visit.customer), NAME_WIDTH),
    )
    if sign := _silence(visit):
        line = Html(f"{line} {sign}")
    if visit.attending:
        line = Html(f"{line} 👍")
    if late_by := lateness(visit):
        line = Html(f"{line} {LATE} +{duration(texts, late_by)}")
    line = Html(" ".join([*_signs(visit, style), line]))
    if style.everyone:
        who = shortened(visit.specialist, NAME_WIDTH)
        shown = who if visit.specialist_reached else f"{who} {SILENT}"
        line = texts.html("{line} ({specialist})", line=line, specialist=shown)
    if visit.note:
        line = Html(f"{line}\n{texts.html('📝 {note}', note=shortened(visit.note, NOTE_WIDTH))}")
    return line


def _times(texts: Translator, entry: Entry, visit: Visit, style: AgendaStyle) -> str:
    """Say when a visit is on one of its days."""
    start, end = visit.start.astimezone(style.zone), visit.end.astimezone(style.zone)
    match entry.part:
        case DayShare.WITHIN:
            return span(texts, start, end)
        case DayShare.END:
            return texts.text("until {time}", time=texts.time(end))
        case DayShare.WHOLE:
            return texts.text("all day")
        case _:
            assert_never(entry.part)


def _button(texts: Translator, entry: Entry, visit: Visit, style: AgendaStyle) -> Button:
    """The way to a visit's card: 'HH:MM · Service · Name', behind the signs of what is special about it."""
    begins = entry.part is DayShare.WITHIN
    time = texts.time(visit.start.astimezone(style.zone)) if begins else _times(texts, entry, visit, style)
    label = f"{time} · {visit.service} · {called(texts, visit.customer)}"
    silent = _silence(visit)
    return Button(
        " ".join([*_signs(visit, style), *([silent] if silent else []), label]),
        ShowStaffCard(booking_id=visit.id),
    )


def _silence(visit: Visit) -> str | None:
    """Return the sign of a customer who cannot be written to; None of all others."""
    if visit.is_by_phone:
        return BY_PHONE
    return None if visit.customer_reachable else SILENT


def _signs(visit: Visit, style: AgendaStyle) -> list[str]:
    """Return the signs of what is special about a visit, the most pressing first."""
    return [
        *([UNCOVERED] if visit.id in style.uncovered else []),
        *([ASKED_FOR] if visit.status is Status.PENDING else []),
        *([] if visit.mark is None else [mark_sign(visit.mark)]),
        *([FIRST_VISIT] if visit.id in style.first_visits else []),
        *([UNCONFIRMED] if visit.id in style.unconfirmed else []),
    ]


def _legend(texts: Translator, shown: Sequence[Entry], style: AgendaStyle) -> list[Html]:
    """Say what the signs on a page mean."""
    visits = [entry.visit for entry in shown if entry.visit is not None]
    seen = {sign for visit in visits for sign in _signs(visit, style)}
    seen |= {sign for visit in visits if (sign := _silence(visit))}
    if style.everyone and not all(visit.specialist_reached for visit in visits):
        seen.add(SILENT)
    meanings = {
        UNCOVERED: texts.html("{sign} nobody is there then", sign=UNCOVERED),
        ASKED_FOR: texts.html("{sign} asked for, and waits for an answer", sign=ASKED_FOR),
        mark_sign(Mark.ARRIVED): texts.html("{sign} arrived", sign=mark_sign(Mark.ARRIVED)),
        mark_sign(Mark.DONE): texts.html("{sign} done", sign=mark_sign(Mark.DONE)),
        mark_sign(Mark.NO_SHOW): texts.html("{sign} did not come", sign=mark_sign(Mark.NO_SHOW)),
        FIRST_VISIT: texts.html("{sign} first visit", sign=FIRST_VISIT),
        UNCONFIRMED: texts.html("{sign} has not said yet that they will come", sign=UNCONFIRMED),
        SILENT: texts.html("{sign} cannot be written to here", sign=SILENT),
        BY_PHONE: texts.html("{sign} has no Telegram: call them", sign=BY_PHONE),
    }
    return [meaning for sign, meaning in meanings.items() if sign in seen]


def _range(texts: Translator, days: Sequence[date]) -> str:
    return texts.days(days[0], days[-1])


def _turning(texts: Translator, asked: ShowAgenda | ShowAgendaPicture) -> list[Button]:
    days = days_of(asked)
    before, after = (
        asked.model_copy(update={"first": days[0] + timedelta(days=step), "page": 0})
        for step in (-asked.days, asked.days)
    )
    return [Button("‹", before), cell(_title(texts, days), Cell.DAYS), Button("›", after)]


def _title(texts: Translator, days: Sequence[date]) -> str:
    return texts.title(texts.short_day(days[0])) if len(days) == 1 else _range(texts, days)


def _other(texts: Translator, days: Sequence[date]) -> list[Button]:
    other = Button(texts.text("Week"), ShowAgenda(days=7, first=days[0])) if len(days) == 1 else today(texts)
    return [other, menu(texts)]
