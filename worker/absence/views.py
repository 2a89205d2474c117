"""What is read of time off: what is coming, what to choose from, what follows from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from shared.contracts.absence import (
    AskTimeOff,
    ProposeTimeOff,
    ShowTimeOff,
    ShowTimeOffDay,
    ShowTimeOffDays,
    ShowTimeOffTimes,
    TimeOffKind,
)
from shared.i18n.translator import Html, Translator
from worker.absence.repository import CalendarOwner, SpecialistCalendar
from worker.absence.rules import ONE_DAY, ends, starts
from worker.dates.rules import DatedHours, HoursChange
from worker.dates.views import and_more, changes, dated, day_name, days_name, hours, left_alone, visit_button
from worker.scheduling.weeks import Weeks
from worker.ui.buttons import Page, menu, pager, question_buttons
from worker.ui.cells import Cell, cell
from worker.ui.phrases import called
from worker.ui.view import Button, Keyboard, View, rows_of
from worker.visits.repository import Visit

if TYPE_CHECKING:
    pass

OWNERS_A_PAGE: Final = 12
DAYS_AT_HAND: Final = 7
"""Today and so many days are buttons of the first screen."""
RUNS_SHOWN: Final = 10
"""So many days in a row with hours of their own are shown, the nearest first."""
VISITS_SHOWN: Final = 8
"""So many of the visits for which nobody is there are buttons."""
HALF_HOUR: Final = 30
HOUR: Final = 60
MOST_TIMES: Final = 24
EXAMPLES_AHEAD: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Overview:
    """A specialist's coming time off."""

    calendar: SpecialistCalendar
    runs: Sequence[DatedHours]
    uncovered: Sequence[Visit]
    today: date
    zone: ZoneInfo
    one_of_several: bool
    """Whether there are others to choose from."""


def home_row(texts: Translator) -> list[Button]:
    """The menu's row of time off."""
    return [Button(texts.text("Time off"), ShowTimeOff())]


def nobody(texts: Translator) -> View:
    """That whoever is meant does not work here any more."""
    return View(texts.html("Whoever that was does not work here any more."), [[menu(texts)]])


def owners(texts: Translator, everybody: Sequence[CalendarOwner], asked: ShowTimeOff) -> View:
    """The specialists to choose from, a page at a time."""
    page = Page.of(everybody, asked.page, OWNERS_A_PAGE)
    rows = [[Button(each.name, ShowTimeOff(specialist_id=each.id))] for each in page.shown]
    text = texts.html("<b>Time off</b>\nWhose?") if everybody else texts.html("Nobody works here yet.")
    return View(text, [*rows, pager(page, asked), [menu(texts)]])


def overview(texts: Translator, found: Overview) -> View:
    """What is coming, with the way to take each back; and the days to choose from."""
    owner, shown = found.calendar.owner, found.runs[:RUNS_SHOWN]
    lines = [heading(texts, owner), *(dated(texts, run) for run in shown)]
    if not shown:
        lines.append(texts.html("Everything is as usual."))
    lines += and_more(texts, len(found.runs) - len(shown))
    if found.uncovered:
        lines += [Html(), left_alone(texts, len(found.uncovered))]
        lines += and_more(texts, len(found.uncovered) - VISITS_SHOWN)
    lines += [Html(), texts.html("Which day is it about?")]
    back = [[_take_back(texts, owner, run)] for run in shown]
    visits = [
        [visit_button(texts, each.id, each.start.astimezone(found.zone), each)]
        for each in found.uncovered[:VISITS_SHOWN]
    ]
    rows = [*visits, *_days_at_hand(texts, owner, found.today), *back]
    others = [Button(texts.text("« Back"), ShowTimeOff())] if found.one_of_several else []
    return View(Html("\n".join(lines)), [*rows, [*others, menu(texts)]])


def _days_at_hand(texts: Translator, owner: CalendarOwner, today: date) -> Keyboard:
    names = {today: texts.text("Today"), today + ONE_DAY: texts.text("Tomorrow")}
    days = [today + step * ONE_DAY for step in range(DAYS_AT_HAND)]
    buttons = [
        Button(
            names.get(day) or texts.title(texts.short_day(day)),
            ShowTimeOffDay(specialist_id=owner.id, day=day),
        )
        for day in days
    ]
    other = Button(texts.text("Other days"), ShowTimeOffDays(specialist_id=owner.id))
    write = Button(texts.text("Write it"), AskTimeOff(specialist_id=owner.id, how=TimeOffKind.OFF))
    return [buttons[:2], *rows_of(buttons[2:], 3), [other, write]]


def _take_back(texts: Translator, owner: CalendarOwner, run: DatedHours) -> Button:
    label = texts.text("Take back: {days}", days=days_name(texts, run.first, run.last))
    usual = ProposeTimeOff(specialist_id=owner.id, how=TimeOffKind.USUAL, first=run.first, last=run.last)
    return Button(label, usual)


def day(texts: Translator, calendar: SpecialistCalendar, day: date, visits: int) -> View:
    """One day as it is, and what may be made of it."""
    owner, windows = calendar.owner, calendar.hours.windows(day)
    lines = [
        heading(texts, owner),
        texts.html("{day}: {hours}", day=day_name(texts, day), hours=hours(texts, windows)),
    ]
    if visits:
        lines.append(Html(texts.plural("{number} visit is booked.", "{number} visits are booked.", visits)))
    off = ProposeTimeOff(specialist_id=owner.id, how=TimeOffKind.OFF, first=day, last=day)
    until = ShowTimeOffDays(specialist_id=owner.id, first=day)
    part, other = (
        ShowTimeOffTimes(specialist_id=owner.id, how=how, day=day)
        for how in (TimeOffKind.BLOCK, TimeOffKind.HOURS)
    )
    several = Button(texts.text("Several days off"), until)
    rows = [[Button(texts.text("Day off"), off), several]]
    times = [Button(texts.text("Part of the day"), part)] if windows else []
    rows.append([*times, Button(texts.text("Other hours"), other)])
    return View(Html("\n".join(lines)), [*rows, [to_time_off(texts, owner), menu(texts)]])


def days(texts: Translator, owner: CalendarOwner, asked: ShowTimeOffDays, today: date) -> View:
    """Five weeks of days: the first day to be off, or else the last one."""
    first = asked.first
    weeks = Weeks.of(max(asked.shown or first or today, today), today)
    before, after = weeks.first - ONE_DAY, weeks.following
    turning = [
        *([Button("‹", asked.model_copy(update={"shown": before}))] if before >= today else []),
        cell(texts.months(weeks.first, weeks.last), Cell.DAYS),
        Button("›", asked.model_copy(update={"shown": after})),
    ]
    weekdays = [cell(name, Cell.WEEKDAY) for name in texts.weekdays()]
    rows = [[_pick(owner, first, each) for each in week] for week in weeks.rows(weeks.last)]
    said = (
        texts.html("Which day is it about?")
        if first is None
        else texts.html("Off from {day}. Until when, that day included?", day=day_name(texts, first))
    )
    text = Html("\n".join([heading(texts, owner), said]))
    return View(text, [turning, weekdays, *rows, [to_time_off(texts, owner), menu(texts)]])


def _pick(owner: CalendarOwner, first: date | None, day: date) -> Button:
    if first is None:
        return Button(str(day.day), ShowTimeOffDay(specialist_id=owner.id, day=day))
    off = ProposeTimeOff(specialist_id=owner.id, how=TimeOffKind.OFF, first=first, last=day)
    return Button(str(day.day), off)


def times(texts: Translator, calendar: SpecialistCalendar, asked: ShowTimeOffTimes, how: TimeOffKind) -> View:
    """The times of a day from which on, or until which, it is off or open."""
    owner, begins, windows = calendar.owner, asked.begins, calendar.hours.windows(asked.day)
    question = texts.html("Off from when?") if how is TimeOffKind.BLOCK else texts.html("Open from when?")
    if begins is None:
        chosen = _fewer(lambda step: starts(how, windows, step), how)
        buttons = [Button(_clock(each), asked.model_copy(update={"begins": each})) for each in chosen]
    else:
        question = texts.html("From {time}. Until when?", time=_clock(begins))
        done = {
            "specialist_id": owner.id,
            "how": how,
            "first": asked.day,
            "last": asked.day,
            "begins": begins,
        }
        chosen = _fewer(lambda step: ends(how, windows, begins, step), how)
        buttons = [Button(_clock(each), ProposeTimeOff(**done, ends=each)) for each in chosen]
    lines = [
        heading(texts, owner),
        texts.html("{day}: {hours}", day=day_name(texts, asked.day), hours=hours(texts, windows)),
    ]
    write = Button(texts.text("Write it"), AskTimeOff(specialist_id=owner.id, how=how, day=asked.day))
    back = Button(texts.text("« Back"), ShowTimeOffDay(specialist_id=owner.id, day=asked.day))
    return View(Html("\n".join([*lines, question])), [*rows_of(buttons, 4), [write], [back, menu(texts)]])


def _fewer(times: Callable[[int], list[int]], how: TimeOffKind) -> list[int]:
    """Return times by the half hour where they are few enough for a screen, else by the hour."""
    halves = times(HALF_HOUR)
    return times(HOUR) if how is TimeOffKind.HOURS or len(halves) > MOST_TIMES else halves


def _as_written(texts: Translator, today: date) -> list[str]:
    """Return what can be written, as an example each: in the reader's language."""
    soon, later = today + EXAMPLES_AHEAD, today + 2 * EXAMPLES_AHEAD
    first, last = (texts.day_of_month(day) for day in (soon, later))
    return [f"{soon:%d.%m}.", f"{first} - {last}", f"{texts.text('Tomorrow').lower()} 12:00-14:00"]


def question(
    texts: Translator, owner: CalendarOwner, day: date | None, today: date, *, refused: bool
) -> View:
    """The question for a time; whoever's answer was none is told so first."""
    lines = [texts.html("That is not understood, and nothing was changed.")] if refused else []
    lines.append(heading(texts, owner))
    if day is None:
        lines += [
            texts.html("Write a day, several days, or a part of a day:"),
            Html("\n".join(f"<code>{each}</code>" for each in _as_written(texts, today))),
        ]
    else:
        lines.append(
            texts.html(
                "{day}: from when until when? Write it as 12:00-14:00 or 9-12, 14-18.",
                day=day_name(texts, day),
            )
        )
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def out_of_reach(texts: Translator, owner: CalendarOwner) -> View:
    """That dates are over, the wrong way round, too many or too far ahead."""
    text = texts.html("Those days cannot be chosen: they are over, too many at once, or too far ahead.")
    return View(text, [[to_time_off(texts, owner), menu(texts)]])


def nothing_to_do(texts: Translator, owner: CalendarOwner) -> View:
    """That everything is so already."""
    return View(
        texts.html("That changes nothing: it is so already."), [[to_time_off(texts, owner), menu(texts)]]
    )


def without_a_place(texts: Translator, owner: CalendarOwner) -> View:
    """That the business file names no place for that weekday."""
    text = texts.html("{name} has no place to work at on that day of the week.", name=owner.name)
    return View(text, [[to_time_off(texts, owner), menu(texts)]])


def notice(texts: Translator, owner: CalendarOwner, changed: Sequence[HoursChange], by: str) -> View:
    """What somebody has done to a specialist's dates."""
    who = texts.html("Changed by {name}.", name=called(texts, by))
    lines = [heading(texts, owner), *changes(texts, changed), who]
    return View(Html("\n".join(lines)), [[_back_to(texts, owner), menu(texts)]])


def _back_to(texts: Translator, owner: CalendarOwner) -> Button:
    return Button(texts.text("Time off"), ShowTimeOff(specialist_id=owner.id))


def heading(texts: Translator, owner: CalendarOwner) -> Html:
    """Say whose time off it is."""
    return texts.html("<b>Time off: {name}</b>", name=owner.name)


def to_time_off(texts: Translator, owner: CalendarOwner) -> Button:
    """The way back to somebody's time off."""
    return Button(texts.text("« Back"), ShowTimeOff(specialist_id=owner.id))


def _clock(minute: int) -> str:
    return f"{minute // HOUR:02}:{minute % HOUR:02}"
