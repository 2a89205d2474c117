"""What the people who work here see of one visit and of its customer, and what they are told."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import assert_never
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
from worker.staff.rules import obstacle_to_call_off
from worker.ui.buttons import menu
from worker.ui.phrases import mention, price_lines, span, visit_line, when, where
from worker.ui.view import Button, View
from worker.visits.repository import Visit
from worker.visits.views import no_note, note_lines


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
