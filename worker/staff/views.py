"""What the people who work here see."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from shared.contracts.staff import ShowAgenda
from shared.i18n.translator import Html, Translator
from worker.ui.buttons import menu
from worker.ui.cells import Cell, cell
from worker.ui.phrases import utf16
from worker.ui.view import Button, View
from worker.visits.repository import Visit

ROOM = 3900
"""What a message holds, in UTF-16 units, with room for one line more; markup is counted, which is safe."""


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
    """The visits from `first` on, by the business's clock."""
    lines = [] if days == 1 else [texts.html("<b>{days}</b>", days=_range(texts, first, days)), Html()]
    for day in (first + timedelta(days=number) for number in range(days)):
        of_day = [visit for visit in visits if visit.start.astimezone(zone).date() == day]
        if of_day or days == 1:
            lines += [
                texts.html("<b>{day}</b>", day=texts.title(texts.day(day))),
                *_visits(texts, of_day, zone, everyone=everyone),
            ]
        else:
            lines.append(texts.html("{day}: no visits", day=texts.title(texts.short_day(day))))
    shown = _fitting(lines)
    if len(shown) < len(lines):
        shown.append(texts.html("…and more: look at the single days."))
    return View(Html("\n".join(shown)), [_turning(texts, first, days), _other(texts, first, days)])


def _fitting(lines: list[Html]) -> list[Html]:
    """Return as many lines as one message holds; names may be long."""
    lengths = accumulate(utf16(line) + 1 for line in lines)
    return [line for line, length in zip(lines, lengths, strict=True) if length <= ROOM]


def _visits(texts: Translator, visits: Sequence[Visit], zone: ZoneInfo, *, everyone: bool) -> list[Html]:
    if not visits:
        return [texts.html("No visits.")]
    return [_line(texts, visit, zone, everyone=everyone) for visit in visits]


def _line(texts: Translator, visit: Visit, zone: ZoneInfo, *, everyone: bool) -> Html:
    line = texts.html(
        "{start}–{end} {service}, {customer}",
        start=texts.time(visit.start.astimezone(zone)),
        end=texts.time(visit.end.astimezone(zone)),
        service=visit.service,
        customer=visit.customer,
    )
    if visit.attending:
        line = Html(f"{line} 👍")
    return texts.html("{line} ({specialist})", line=line, specialist=visit.specialist) if everyone else line


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
