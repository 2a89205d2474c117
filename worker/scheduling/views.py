"""What customers see of the schedule: a month's calendar and a day's times."""

from bisect import bisect_left
from calendar import Calendar as MonthGrid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.booking import Moving, ShowDay, ShowMonth, ShowSummary
from shared.contracts.visits import ShowBooking
from shared.i18n.translator import Html, Translator
from worker.ui.buttons import Page, menu, pager
from worker.ui.cells import BLANK, Cell, cell
from worker.ui.view import Button, View, rows_of

TIMES_A_ROW = 4
TIMES_A_PAGE = 80
LONGEST_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class MonthPage:
    """A month to choose a day in."""

    asked: ShowMonth
    first: date
    free: Collection[date]


def month(texts: Translator, title: Html, page: MonthPage, back: Button) -> View:
    """A month: the days with a free time stand out, the others say on a tap why they have none."""
    hint = texts.html("Choose a day.") if page.free else texts.html("No free time in this month.")
    weekdays = [cell(name, Cell.WEEKDAY) for name in texts.weekdays()]
    weeks = [
        [_day(page, day) for day in week]
        for week in MonthGrid().monthdatescalendar(page.first.year, page.first.month)
    ]
    return View(Html(f"{title}\n{hint}"), [_turning(texts, page), weekdays, *weeks, [back, menu(texts)]])


def _day(page: MonthPage, day: date) -> Button:
    if day.month != page.first.month:
        return cell(BLANK, Cell.OTHER_MONTH)
    asked = page.asked
    command = ShowDay(
        service_id=asked.service_id, specialist_id=asked.specialist_id, day=day, moving=asked.moving
    )
    return Button(str(day.day) if day in page.free else f"·{day.day}·", command)


def _turning(texts: Translator, page: MonthPage) -> list[Button]:
    first = page.first
    before, after = (first - timedelta(days=1)).replace(day=1), (first + LONGEST_MONTH).replace(day=1)
    return [
        Button("‹", page.asked.model_copy(update={"month": before})),
        cell(texts.month(first), Cell.MONTH),
        Button("›", page.asked.model_copy(update={"month": after})),
    ]


def page_of(starts: Sequence[datetime], start: datetime) -> int:
    """Return which page of a day's times a start is on, or would be."""
    return bisect_left(starts, start) // TIMES_A_PAGE


def day(
    texts: Translator,
    title: Html,
    asked: ShowDay,
    starts: Sequence[datetime],
    zone: ZoneInfo,
    back: Button,
) -> View:
    """A day's free times, by the business's clock."""
    heading = texts.html("<b>{day}</b>", day=texts.title(texts.day(asked.day)))
    hint = texts.html("Choose a time ({zone}).", zone=zone.key)
    page = Page.of(starts, asked.page, TIMES_A_PAGE)
    readings = Counter(_reading(start, zone) for start in starts)
    times = [
        _time(texts, asked, start, zone, twice=readings[_reading(start, zone)] > 1) for start in page.shown
    ]
    return View(
        Html(f"{title}\n{heading}\n{hint}"),
        [*rows_of(times, TIMES_A_ROW), pager(page, asked), [back, menu(texts)]],
    )


def _reading(start: datetime, zone: ZoneInfo) -> str:
    return f"{start.astimezone(zone):%H:%M}"


def _time(texts: Translator, asked: ShowDay, start: datetime, zone: ZoneInfo, *, twice: bool) -> Button:
    return Button(
        texts.time(start.astimezone(zone)) if twice else _reading(start, zone),
        ShowSummary(
            service_id=asked.service_id, specialist_id=asked.specialist_id, start=start, moving=asked.moving
        ),
    )


def back_to_card(texts: Translator, moving: Moving) -> Button:
    """The way back for someone who is moving a booking."""
    return Button(texts.text("« Back"), ShowBooking(booking_id=moving.booking_id))
