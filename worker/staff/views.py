"""What the people who work here see of one visit and of its customer, and what they are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from shared.contracts.booking import BookedFor, Moving, ShowSoonest, StartMove
from shared.contracts.staff import (
    LONGEST_STAFF_NOTE,
    LONGEST_WORD,
    AskBlockReason,
    AskCallOff,
    AskCallOffWord,
    AskPhone,
    AskStaffNote,
    BlockCustomer,
    CallOff,
    ShowAgenda,
    ShowCustomer,
    ShowCustomerVisits,
    ShowStaffCard,
    ShowVisitHistory,
    UnblockCustomer,
    WriteStaffNote,
)
from shared.envelope import NOBODY
from shared.i18n.translator import Html, Translator
from worker.attendance.views import mark_lines, mark_rows, mark_sign
from worker.db.models.booking import Mark, Status
from worker.lateness.views import follower_lines, staff_late_lines
from worker.notices.rules import Absence
from worker.staff.repository import CustomerRecord
from worker.staff.rules import digest
from worker.ui.buttons import Page, menu, pager, question_buttons
from worker.ui.phrases import called, mention, price_lines, span, visit_line, when, where, wrong_phone
from worker.ui.view import Button, Keyboard, View
from worker.visits.repository import Visit
from worker.visits.rules import obstacle_for_business
from worker.visits.views import no_note, note_lines

COMING_SHOWN: Final = 6
"""So many of a customer's coming visits are buttons on their card."""
VISITS_A_PAGE: Final = 8
CANCELLED: Final = "❌"
"""Before a visit that was cancelled."""


def staff_card(texts: Translator, visit: Visit, now: datetime, *, uncovered: bool = False) -> View:
    """A visit of the calendar, with what can be done about it; first that nobody is there, if that is so."""
    alone = texts.html("⚠️ <b>Nobody is there then.</b> Move the visit, or cancel it.")
    lines = [*([alone, ""] if uncovered else []), _title(texts, visit), "", *_about(texts, visit)]
    lines += price_lines(texts, visit.price, visit.currency)
    lines += where(texts, visit.place)
    if visit.attending:
        lines.append(texts.html("👍 The customer will be there."))
    lines += [
        *staff_late_lines(texts, visit),
        *mark_lines(texts, visit),
        *note_lines(texts, visit),
        *_staff_note_lines(texts, visit),
    ]
    return View(Html("\n".join(lines)), [*mark_rows(texts, visit, now), *_card_rows(texts, visit, now)])


def _card_rows(texts: Translator, visit: Visit, now: datetime) -> Keyboard:
    asking = AskCallOff(booking_id=visit.id, version=visit.version)
    cancel = Button(texts.text_in("visit", "Cancel"), asking, style="danger")
    moving = Moving(booking_id=visit.id, version=visit.version)
    move = Button(texts.text("Move"), StartMove(moving=moving))
    changes = [] if obstacle_for_business(visit, visit.version, now) else [move, cancel]
    customer = Button(texts.text("Customer"), ShowCustomer(booking_id=visit.id))
    history = Button(texts.text("History"), ShowVisitHistory(booking_id=visit.id))
    note = [] if visit.customer_id == NOBODY else [_note(texts, visit)]
    return [[*changes, *note], [customer, history], [_day(texts, visit), menu(texts)]]


def _note(texts: Translator, visit: Visit) -> Button:
    return Button(texts.text("Note"), AskStaffNote(booking_id=visit.id))


def call_off(texts: Translator, visit: Visit) -> View:
    """The question before the business cancels."""
    yes = Button(
        texts.text("Yes, cancel"), CallOff(booking_id=visit.id, version=visit.version), style="danger"
    )
    saying = AskCallOffWord(booking_id=visit.id, version=visit.version)
    word = Button(texts.text("Cancel with a word"), saying, style="danger")
    keep = Button(texts.text("No, keep it"), ShowStaffCard(booking_id=visit.id))
    told = texts.html("<b>Cancel this visit?</b> The customer will be told.")
    if visit.is_by_phone:
        told = texts.html("<b>Cancel this visit?</b> The customer has no Telegram: call them.")
    lines = [told, "", *_about(texts, visit)]
    return View(Html("\n".join(lines)), [[yes], [] if visit.is_by_phone else [word], [keep]])


def word_question(texts: Translator, visit: Visit) -> View:
    """The question what the customer reads of the cancellation; the answer cancels the visit."""
    lines = [
        texts.html("<b>What do you want to tell {customer}?</b>", customer=called(texts, visit.customer)),
        texts.html(
            "Your answer cancels the visit, and the customer reads it. Up to {count} characters.",
            count=LONGEST_WORD,
        ),
        "",
        *_about(texts, visit),
    ]
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def customer(texts: Translator, visit: Visit, record: CustomerRecord, coming: Sequence[Visit]) -> View:
    """Whose visit it is, what is noted of them, what became of their visits, and which are still to come."""
    counted = texts.plural("{number} visit in all", "{number} visits in all", record.visits)
    lines = [
        Html(f"👤 <b>{mention(texts, visit)}</b>"),
        *phone_lines(texts, visit),
        Html(escape(counted)),
        texts.html("Ahead: {count}", count=record.ahead),
        texts.html("Been: {count}", count=record.done),
        texts.html("Cancelled: {count}", count=record.cancelled),
        texts.html("Missed: {count}", count=record.missed),
    ]
    lines += [*_staff_note_lines(texts, visit), *_block_lines(texts, record)]
    back = Button(texts.text("« Back"), ShowStaffCard(booking_id=visit.id))
    changes = [] if visit.customer_id == NOBODY else _changes(texts, visit, record)
    visits = [[_coming(texts, each)] for each in coming[:COMING_SHOWN]]
    more = [] if visit.customer_id == NOBODY else _more(texts, visit)
    return View(Html("\n".join(lines)), [*visits, more, changes, [back, menu(texts)]])


def _more(texts: Translator, visit: Visit) -> list[Button]:
    """Return the ways to all of a customer's visits, and to one more as this one was."""
    again = ShowSoonest(
        service_id=visit.service_id,
        specialist_id=visit.specialist_id,
        customer=BookedFor(person_id=visit.customer_id),
    )
    return [
        Button(texts.text("Visits"), ShowCustomerVisits(booking_id=visit.id)),
        Button(texts.text("Book again"), again),
        Button(texts.text("Phone"), AskPhone(booking_id=visit.id)),
    ]


def customer_visits(
    texts: Translator, visit: Visit, visits: Sequence[Visit], asked: ShowCustomerVisits
) -> View:
    """A customer's visits, a page at a time, the newest first: each a button with what came of it."""
    page = Page.of(visits, asked.page, VISITS_A_PAGE)
    lines = [texts.html("<b>Visits of {customer}</b>", customer=called(texts, visit.customer))]
    signs = {sign for each in page.shown if (sign := _came_to(each))}
    meanings = {
        mark_sign(Mark.ARRIVED): texts.html("{sign} arrived", sign=mark_sign(Mark.ARRIVED)),
        mark_sign(Mark.DONE): texts.html("{sign} done", sign=mark_sign(Mark.DONE)),
        mark_sign(Mark.NO_SHOW): texts.html("{sign} did not come", sign=mark_sign(Mark.NO_SHOW)),
        CANCELLED: texts.html("{sign} cancelled", sign=CANCELLED),
    }
    lines += [meaning for sign, meaning in meanings.items() if sign in signs]
    rows = [[_coming(texts, each, _came_to(each))] for each in page.shown]
    back = Button(texts.text("« Back"), ShowCustomer(booking_id=visit.id))
    return View(Html("\n".join(lines)), [*rows, pager(page, asked), [back, menu(texts)]])


def _came_to(visit: Visit) -> str | None:
    if visit.status is Status.CANCELLED:
        return CANCELLED
    return None if visit.mark is None else mark_sign(visit.mark)


def phone_question(texts: Translator, visit: Visit, example: str, *, wrong: bool) -> View:
    """The question for a customer's phone number; its answer is typed."""
    lines = [wrong_phone(texts)] if wrong else []
    who = called(texts, visit.customer)
    lines.append(texts.html("<b>What is the phone number of {customer}?</b>", customer=who))
    lines.append(texts.html("Like this: {phone}. Only staff read it.", phone=example))
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def called_off(texts: Translator, visit: Visit) -> str:
    """Say that a visit is cancelled, and who has to be told by phone."""
    if visit.is_by_phone:
        return texts.text("Cancelled. The customer has no Telegram: call them.")
    return texts.text("Cancelled.")


def note_question(texts: Translator, visit: Visit, *, changed: bool) -> View:
    """The question for a note of the customer; its answer is typed."""
    lines = [texts.html("Somebody has changed the note meanwhile; yours is not kept.")] if changed else []
    who = called(texts, visit.customer)
    lines.append(texts.html("<b>What should the staff know of {customer}?</b>", customer=who))
    lines.append(texts.html("Only staff read it. Up to {count} characters.", count=LONGEST_STAFF_NOTE))
    rows = question_buttons(texts)
    if visit.staff_note:
        lines.append(texts.html("The note so far: <i>{note}</i>", note=visit.staff_note))
        remove = WriteStaffNote(booking_id=visit.id, seen=digest(visit.staff_note))
        rows = [[Button(texts.text("Remove the note"), remove)], *rows]
    return View(Html("\n".join(lines)), rows, asks=True)


def reason_question(texts: Translator, visit: Visit) -> View:
    """The question why a customer is to call; its answer is typed."""
    who = called(texts, visit.customer)
    lines = [
        texts.html("<b>Why is {customer} to call?</b>", customer=who),
        texts.html("Only staff read it. Up to {count} characters.", count=LONGEST_STAFF_NOTE),
    ]
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def _changes(texts: Translator, visit: Visit, record: CustomerRecord) -> list[Button]:
    note = _note(texts, visit)
    if not record.blocked:
        return [note, Button(texts.text("Block"), BlockCustomer(booking_id=visit.id), style="danger")]
    reason = Button(texts.text("Reason"), AskBlockReason(booking_id=visit.id))
    return [note, Button(texts.text("Unblock"), UnblockCustomer(booking_id=visit.id)), reason]


def _staff_note_lines(texts: Translator, visit: Visit) -> list[Html]:
    note = visit.staff_note
    return [texts.html("🔒 For staff: {note}", note=note)] if note else []


def _block_lines(texts: Translator, record: CustomerRecord) -> list[Html]:
    if not record.blocked:
        return []
    lines = [texts.html("🚫 Cannot book here: is asked to call.")]
    if record.blocked_reason:
        lines.append(texts.html("🔒 Why: {reason}", reason=record.blocked_reason))
    return lines


def _coming(texts: Translator, visit: Visit, sign: str | None = None) -> Button:
    local = visit.start.astimezone(ZoneInfo(visit.timezone))
    day, time = texts.title(texts.short_day(local.date())), texts.time(local)
    label = texts.text("{day}, {time} · {service}", day=day, time=time, service=visit.service)
    return Button(f"{sign} {label}" if sign else label, ShowStaffCard(booking_id=visit.id))


def _title(texts: Translator, visit: Visit) -> Html:
    if visit.status is Status.CANCELLED:
        return texts.html("❌ <b>Cancelled</b>")
    return texts.html("<b>Visit № {number}</b>", number=visit.id)


def _about(texts: Translator, visit: Visit) -> list[Html]:
    return [
        visit_line(texts, visit.service, visit.specialist),
        Html(f"👤 {mention(texts, visit)}"),
        *phone_lines(texts, visit),
        *when(texts, visit.start, visit.end, ZoneInfo(visit.timezone)),
    ]


def phone_lines(texts: Translator, visit: Visit) -> list[Html]:
    """Write a customer's phone number, and whether it is the only way to them."""
    if visit.customer_phone is None:
        return []
    if visit.is_by_phone:
        return [texts.html("📞 {phone} (no Telegram)", phone=visit.customer_phone)]
    return [texts.html("📞 {phone}", phone=visit.customer_phone)]


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
    following: Sequence[Visit] = ()
    """The specialist's visits that would have to wait for somebody who is late."""
    reason: str | None = None
    """Why its customer cancelled it, where that is the news."""


def notice(texts: Translator, visit: Visit, news: News) -> View:
    """What happened to a visit, for its specialist, or for whoever is told instead and why."""
    zone = ZoneInfo(visit.timezone)
    local = news.at.astimezone(zone)
    until = (news.at + (visit.end - visit.start)).astimezone(zone)
    lines = [
        _headline(texts, news),
        texts.html("{day}, {time}", day=texts.title(texts.day(local.date())), time=span(texts, local, until)),
        texts.html("{service}, {customer}", service=visit.service, customer=mention(texts, visit)),
        *phone_lines(texts, visit),
        texts.html("№ {number}", number=visit.id),
        *price_lines(texts, visit.price, visit.currency),
        *note_lines(texts, visit),
    ]
    if news.what == "noted" and not visit.note:
        lines.append(no_note(texts))
    lines += _told_lines(texts, visit, news)
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


def _told_lines(texts: Translator, visit: Visit, news: News) -> list[Html]:
    """What the customer said that is the news: why they cancelled, or how late they will be."""
    if news.what == "late":
        return [*staff_late_lines(texts, visit), *follower_lines(texts, news.following)]
    return [] if news.reason is None else [texts.html("💬 {words}", words=news.reason)]


def _headline(texts: Translator, news: News) -> Html:
    titles = {
        "booked": texts.html("🆕 <b>New visit</b>"),
        "moved": texts.html("↪️ <b>Visit moved</b>"),
        "cancelled": texts.html("❌ <b>Visit cancelled</b>"),
        "noted": texts.html("📝 <b>Note to a visit</b>"),
        "late": texts.html("🏃 <b>Running late</b>"),
        "explained": texts.html("💬 <b>Why a visit was cancelled</b>"),
    }
    return titles[news.what]


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
