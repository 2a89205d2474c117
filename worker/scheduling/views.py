"""What customers see of the schedule: the soonest times, weeks to choose a day in, and a day's times."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.booking import Moving, ShowDay, ShowMonth, ShowSoonest, ShowSummary
from shared.contracts.own_visits import ShowBooking
from shared.contracts.waitlist import JoinWaitlist
from shared.i18n.translator import Html, Translator
from worker.scheduling.parts import DayPart
from worker.scheduling.weeks import Weeks
from worker.ui.buttons import Page, menu, pager
from worker.ui.cells import Cell, cell
from worker.ui.view import Button, Keyboard, View, rows_of

TIMES_A_ROW: Final = 4
GROUP_TIMES_A_ROW: Final = 2
TIMES_A_PAGE: Final = 40
WEEKDAY_SAYS_WHICH: Final = timedelta(days=28)
"""So far ahead a weekday and a day of the month say which day is meant: no month repeats them sooner."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What has been chosen so far, and by which clock."""

    title: Html
    """The service and with whom."""
    zone: ZoneInfo
    today: date
    left: Callable[[datetime], int | None] = lambda _: None
    """How many places there are still at a start; None of what is no group."""


@dataclass(frozen=True, slots=True)
class WeeksPage:
    """Weeks to choose a day in."""

    asked: ShowMonth
    weeks: Weeks
    free: Collection[date]
    until: date
    """The last day that can be booked."""


def soonest(
    texts: Translator, chosen: Chosen, asked: ShowSoonest, starts: Sequence[datetime], back: Button
) -> View:
    """The soonest times, and the way to all others."""
    hint = texts.html("These are the soonest times.")
    times = [[soon(texts, chosen, asked, start)] for start in starts]
    others = Button(texts.text("Other days"), _days(asked))
    return View(Html(f"{chosen.title}\n{hint}"), [*times, [others], [back, menu(texts)]])


def soon(texts: Translator, chosen: Chosen, asked: ShowSoonest, start: datetime) -> Button:
    """Make the button of one of the soonest times: it leads to the summary."""
    local = start.astimezone(chosen.zone)
    time, day = texts.time(local), local.date()
    if day - chosen.today < WEEKDAY_SAYS_WHICH:
        label = texts.text("{weekday} {day}, {time}", weekday=texts.weekday(day), day=day.day, time=time)
    else:
        label = texts.text("{day}, {time}", day=texts.title(texts.short_day(day)), time=time)
    return Button(
        _with_places(texts, label, chosen.left(start)),
        ShowSummary(
            service_id=asked.service_id,
            specialist_id=asked.specialist_id,
            start=start,
            moving=asked.moving,
            soonest=True,
            location_id=asked.location_id,
            added=asked.added,
        ),
    )


@dataclass(frozen=True, slots=True)
class Reopening:
    """When it is open again after all that can be booked, and from which day on that can be booked."""

    day: date
    bookable_from: date


def nothing_free(
    texts: Translator,
    chosen: Chosen,
    until: date,
    back: Button,
    wish: JoinWaitlist | None = None,
    opens: Reopening | None = None,
) -> View:
    """That there is no free time at all, how far ahead that was looked for, and the way to wait for one.

    Where all of it is closed there is nothing to wait for: it `opens` again later.
    """
    if opens is not None:
        closed = texts.html(
            "Closed for now. The next open day is {day}, and can be booked from {first} on.",
            day=texts.short_day(opens.day),
            first=texts.short_day(opens.bookable_from),
        )
        return View(Html(f"{chosen.title}\n{closed}"), [[back, menu(texts)]])
    hint = texts.html(
        "There is no free time until {day}, and further ahead nothing can be booked yet.",
        day=texts.short_day(until),
    )
    return View(Html(f"{chosen.title}\n{hint}"), [_waiting(texts, wish), [back, menu(texts)]])


def full_day(texts: Translator, chosen: Chosen, day: date, wish: JoinWaitlist, back: Button) -> View:
    """That all of a day is taken, and the way to wait for a place of it."""
    hint = texts.html("Fully booked")
    return View(_on_day(texts, chosen, day, hint), [_waiting(texts, wish), [back, menu(texts)]])


def _waiting(texts: Translator, wish: JoinWaitlist | None) -> list[Button]:
    return [] if wish is None else [Button(texts.text("Tell me if a place frees up"), wish)]


def weeks(texts: Translator, chosen: Chosen, page: WeeksPage, back: Button) -> View:
    """Five weeks: the days with a free time stand out, the others say on a tap why they have none."""
    weekdays = [cell(name, Cell.WEEKDAY) for name in texts.weekdays()]
    days = [[_day(page, day) for day in week] for week in page.weeks.rows(page.until)]
    return View(
        Html(f"{chosen.title}\n{texts.html('Choose a day.')}"),
        [_turning(texts, page), weekdays, *days, [back, menu(texts)]],
    )


def _day(page: WeeksPage, day: date) -> Button:
    asked = page.asked
    command = ShowDay(
        service_id=asked.service_id,
        specialist_id=asked.specialist_id,
        day=day,
        moving=asked.moving,
        location_id=asked.location_id,
        added=asked.added,
    )
    return Button(str(day.day) if day in page.free else f"·{day.day}·", command)


def _turning(texts: Translator, page: WeeksPage) -> list[Button]:
    last = page.weeks.rows(page.until)[-1][-1]
    return [
        Button("‹", page.asked.model_copy(update={"month": None, "before": page.weeks.first})),
        cell(texts.months(page.weeks.first, last), Cell.DAYS),
        Button("›", page.asked.model_copy(update={"month": page.weeks.following, "before": None})),
    ]


def _days(asked: ShowSoonest) -> ShowMonth:
    return ShowMonth(
        service_id=asked.service_id,
        specialist_id=asked.specialist_id,
        moving=asked.moving,
        location_id=asked.location_id,
        added=asked.added,
    )


def page_of(starts: Sequence[datetime], start: datetime) -> int:
    """Return which page of a list of times a start is on, or would be."""
    return bisect_left(starts, start) // TIMES_A_PAGE


def parts(
    texts: Translator,
    chosen: Chosen,
    asked: ShowDay,
    held: Mapping[DayPart, Sequence[datetime]],
    back: Button,
) -> View:
    """The parts of a day with many times, with how many each has."""
    rows = [
        [Button(_part(texts, part, len(starts)), asked.model_copy(update={"part": int(part), "page": 0}))]
        for part, starts in held.items()
    ]
    hint = texts.html("Choose a part of the day ({zone}).", zone=texts.place_of(chosen.zone.key))
    return View(_on_day(texts, chosen, asked.day, hint), [*rows, [back, menu(texts)]])


def _part(texts: Translator, part: DayPart, count: int) -> str:
    match part:
        case DayPart.MORNING:
            return texts.text("Morning ({count})", count=count)
        case DayPart.AFTERNOON:
            return texts.text("Afternoon ({count})", count=count)
        case DayPart.EVENING:
            return texts.text("Evening ({count})", count=count)


def day(texts: Translator, chosen: Chosen, asked: ShowDay, starts: Sequence[datetime], back: Button) -> View:
    """A day's free times or those of a part of it, by the business's clock."""
    page = Page.of(starts, asked.page, TIMES_A_PAGE)
    hint = texts.html("Choose a time ({zone}).", zone=texts.place_of(chosen.zone.key))
    return View(
        _on_day(texts, chosen, asked.day, hint),
        [*_times(texts, chosen, asked, starts, page), pager(page, asked), [back, menu(texts)]],
    )


def _on_day(texts: Translator, chosen: Chosen, day: date, hint: Html) -> Html:
    heading = texts.html("<b>{day}</b>", day=texts.title(texts.short_day(day)))
    return Html(f"{chosen.title}\n{heading}\n{hint}")


def _times(
    texts: Translator, chosen: Chosen, asked: ShowDay, starts: Sequence[datetime], page: Page[datetime]
) -> Keyboard:
    zone = chosen.zone
    readings = Counter(_reading(start, zone) for start in starts)
    left = {start: chosen.left(start) for start in page.shown}
    times = [
        _time(texts, asked, start, zone, twice=readings[_reading(start, zone)] > 1, left=left[start])
        for start in page.shown
    ]
    return rows_of(times, TIMES_A_ROW if not any(left.values()) else GROUP_TIMES_A_ROW)


def _with_places(texts: Translator, time: str, left: int | None) -> str:
    """Say how many places there are still at a time, where there are several."""
    return time if left is None else texts.text("{time} · {count} left", time=time, count=left)


def _reading(start: datetime, zone: ZoneInfo) -> str:
    return f"{start.astimezone(zone):%H:%M}"


def _time(
    texts: Translator, asked: ShowDay, start: datetime, zone: ZoneInfo, *, twice: bool, left: int | None
) -> Button:
    time = texts.time(start.astimezone(zone)) if twice else _reading(start, zone)
    return Button(
        _with_places(texts, time, left),
        ShowSummary(
            service_id=asked.service_id,
            specialist_id=asked.specialist_id,
            start=start,
            moving=asked.moving,
            location_id=asked.location_id,
            added=asked.added,
        ),
    )


def back_to_card(texts: Translator, moving: Moving) -> Button:
    """The way back for someone who is moving a booking."""
    return Button(texts.text("« Back"), ShowBooking(booking_id=moving.booking_id))
