"""What the people who work here see: the visits of a day or a week, one visit, and its customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from shared.contracts.staff import (
    AskCallOff,
    BlockCustomer,
    CallOff,
    ShowAgenda,
    ShowCustomer,
    ShowStaffCard,
    ShowVisitHistory,
    UnblockCustomer,
)
from shared.envelope import NOBODY
from shared.i18n.translator import Html, Translator
from worker.attendance.views import mark_lines, mark_rows
from worker.db.models.booking import Status
from worker.notices.rules import Absence
from worker.staff.repository import CustomerRecord
from worker.staff.rules import DayShare, Entry, entries, obstacle_to_call_off
from worker.ui.buttons import Page, menu, pager, why_missing
from worker.ui.cells import Cell, cell
from worker.ui.phrases import called, mention, price_lines, shortened, span, visit_line, when, where
from worker.ui.view import Button, View
from worker.visits.repository import Visit
from worker.visits.views import no_note, note_lines

ENTRIES_A_PAGE: Final = 12
"""So many fit a message, each with a day's heading, whatever they are called: see NAME_WIDTH."""
SILENT: Final = "🔕"
"""Beside whoever cannot be written to."""
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


def days_of(asked: ShowAgenda) -> Sequence[date]:
    """Return the days that are asked for. Raises ValueError where the first of them is not said."""
    if asked.first is None:
        raise ValueError("an agenda begins with a day")
    return [asked.first + timedelta(days=number) for number in range(asked.days)]


def agenda(texts: Translator, visits: Sequence[Visit], asked: ShowAgenda, style: AgendaStyle) -> View:
    """The visits of the days that are asked for, by the business's clock: a line and a button each."""
    days = days_of(asked)
    page = Page.of(list(entries(visits, days, style.zone)), asked.page, ENTRIES_A_PAGE)
    rows = [[_button(texts, entry, entry.visit, style)] for entry in page.shown if entry.visit is not None]
    turning = [_turning(texts, days), _other(texts, days), [why_missing(texts)]]
    lines = _lines(texts, days, page.shown, style)
    if any(SILENT in line for line in lines):
        lines.append(texts.html("{sign} cannot be written to here", sign=SILENT))
    return View(Html("\n".join(lines)), [*rows, pager(page, asked), *turning])


def _lines(texts: Translator, days: Sequence[date], shown: Sequence[Entry], style: AgendaStyle) -> list[Html]:
    one = len(days) == 1
    lines = [] if one else [texts.html("<b>{days}</b>", days=_range(texts, days)), Html()]
    headed: date | None = None
    for entry in shown:
        if entry.visit is None and not one:
            lines.append(texts.html("{day}: no visits", day=texts.title(texts.short_day(entry.day))))
            continue
        if entry.day != headed:
            lines.append(texts.html("<b>{day}</b>", day=texts.title(texts.day(entry.day))))
            headed = entry.day
        lines.append(
            texts.html("No visits.") if entry.visit is None else _line(texts, entry, entry.visit, style)
        )
    return lines


def _line(texts: Translator, entry: Entry, visit: Visit, style: AgendaStyle) -> Html:
    line = texts.html(
        "{times} {service}, {customer}",
        times=_times(texts, entry, visit, style),
        service=shortened(visit.service, NAME_WIDTH),
        customer=shortened(called(texts, visit.customer), NAME_WIDTH),
    )
    if not visit.customer_reachable:
        line = Html(f"{line} {SILENT}")
    if visit.attending:
        line = Html(f"{line} 👍")
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
    """The way to a visit's card: 'HH:MM · Service · Name'."""
    begins = entry.part is DayShare.WITHIN
    time = texts.time(visit.start.astimezone(style.zone)) if begins else _times(texts, entry, visit, style)
    label = f"{time} · {visit.service} · {called(texts, visit.customer)}"
    return Button(label, ShowStaffCard(booking_id=visit.id))


def _range(texts: Translator, days: Sequence[date]) -> str:
    return texts.days(days[0], days[-1])


def _turning(texts: Translator, days: Sequence[date]) -> list[Button]:
    step, count = timedelta(days=len(days)), len(days)
    return [
        Button("‹", ShowAgenda(days=count, first=days[0] - step)),
        cell(texts.title(texts.short_day(days[0])) if count == 1 else _range(texts, days), Cell.DAYS),
        Button("›", ShowAgenda(days=count, first=days[0] + step)),
    ]


def _other(texts: Translator, days: Sequence[date]) -> list[Button]:
    other = Button(texts.text("Week"), ShowAgenda(days=7, first=days[0])) if len(days) == 1 else today(texts)
    return [other, menu(texts)]


def staff_card(texts: Translator, visit: Visit, now: datetime) -> View:
    """A visit of the calendar, with what can be done about it."""
    lines = [_title(texts, visit), "", *_about(texts, visit)]
    lines += price_lines(texts, visit.price, visit.currency)
    lines += where(texts, visit.place)
    if visit.attending:
        lines.append(texts.html("👍 The customer will be there."))
    lines += [*mark_lines(texts, visit), *note_lines(texts, visit)]
    customer = Button(texts.text("Customer"), ShowCustomer(booking_id=visit.id))
    history = Button(texts.text("History"), ShowVisitHistory(booking_id=visit.id))
    cancel = Button(
        texts.text_in("visit", "Cancel"),
        AskCallOff(booking_id=visit.id, version=visit.version),
        style="danger",
    )
    row = (
        [customer, history]
        if obstacle_to_call_off(visit, visit.version, now)
        else [cancel, customer, history]
    )
    return View(
        Html("\n".join(lines)), [*mark_rows(texts, visit, now), row, [_day(texts, visit), menu(texts)]]
    )


def call_off(texts: Translator, visit: Visit) -> View:
    """The question before the business cancels."""
    yes = Button(
        texts.text("Yes, cancel"), CallOff(booking_id=visit.id, version=visit.version), style="danger"
    )
    keep = Button(texts.text("No, keep it"), ShowStaffCard(booking_id=visit.id))
    lines = [texts.html("<b>Cancel this visit?</b> The customer will be told."), "", *_about(texts, visit)]
    return View(Html("\n".join(lines)), [[yes], [keep]])


def customer(texts: Translator, visit: Visit, record: CustomerRecord) -> View:
    """Whose visit it is, what became of their visits, and whether they may book here."""
    counted = texts.plural("{number} visit in all", "{number} visits in all", record.visits)
    lines = [
        Html(f"👤 <b>{mention(texts, visit)}</b>"),
        Html(escape(counted)),
        texts.html("Ahead: {count}", count=record.ahead),
        texts.html("Been: {count}", count=record.done),
        texts.html("Cancelled: {count}", count=record.cancelled),
        texts.html("Missed: {count}", count=record.missed),
    ]
    if record.blocked:
        lines.append(texts.html("🚫 Cannot book here: is asked to call."))
        change = Button(texts.text("Unblock"), UnblockCustomer(booking_id=visit.id))
    else:
        change = Button(texts.text("Block"), BlockCustomer(booking_id=visit.id), style="danger")
    back = Button(texts.text("« Back"), ShowStaffCard(booking_id=visit.id))
    changes = [] if visit.customer_id == NOBODY else [change]
    return View(Html("\n".join(lines)), [changes, [back, menu(texts)]])


def _title(texts: Translator, visit: Visit) -> Html:
    if visit.status is Status.CANCELLED:
        return texts.html("❌ <b>Cancelled</b>")
    return texts.html("<b>Visit № {number}</b>", number=visit.id)


def _about(texts: Translator, visit: Visit) -> list[Html]:
    return [
        visit_line(texts, visit.service, visit.specialist),
        Html(f"👤 {mention(texts, visit)}"),
        *when(texts, visit.start, visit.end, ZoneInfo(visit.timezone)),
    ]


def _day(texts: Translator, visit: Visit) -> Button:
    day = visit.start.astimezone(ZoneInfo(visit.timezone)).date()
    return Button(texts.text("The day"), ShowAgenda(first=day))


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
    until = (news.at + (visit.end - visit.start)).astimezone(zone)
    lines = [
        titles[news.what],
        texts.html("{day}, {time}", day=texts.title(texts.day(local.date())), time=span(texts, local, until)),
        texts.html("{service}, {customer}", service=visit.service, customer=mention(texts, visit)),
        texts.html("№ {number}", number=visit.id),
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
    show = Button(texts.text("Show the visit"), ShowStaffCard(booking_id=visit.id))
    return View(Html("\n".join(lines)), [[show, the_day]])


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
