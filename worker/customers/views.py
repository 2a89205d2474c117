"""What staff see of a customer, and what they are asked about them."""

from collections.abc import Sequence
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.booking import ShowSoonest
from shared.contracts.customers import (
    LONGEST_STAFF_NOTE,
    AskBlockReason,
    AskPhone,
    AskStaffNote,
    BlockCustomer,
    ShowCustomer,
    ShowCustomerVisits,
    UnblockCustomer,
    WriteStaffNote,
)
from shared.contracts.staff import ShowStaffCard
from shared.i18n.translator import Html, Translator
from worker.attendance.views import mark_sign
from worker.customers.repository import CustomerRecord
from worker.customers.rules import digest
from worker.db.models.booking import Mark, Status
from worker.tying.views import link_button
from worker.ui.buttons import Page, menu, pager, question_buttons
from worker.ui.phrases import called, mention, wrong_phone
from worker.ui.view import Button, View
from worker.visits.repository import Visit

COMING_SHOWN: Final = 6
"""So many of a customer's coming visits are buttons on their card."""
VISITS_A_PAGE: Final = 8
CANCELLED: Final = "❌"
"""Before a visit that was cancelled."""


def forgotten(texts: Translator, visit: Visit) -> View:
    """That nothing is known any more of whose visit it was."""
    back = Button(texts.text("« Back"), ShowStaffCard(booking_id=visit.id))
    return View(texts.html("Whoever that was is forgotten: nothing is known of them."), [[back, menu(texts)]])


def customer(
    texts: Translator, visit: Visit, record: CustomerRecord, coming: Sequence[Visit], again: ShowSoonest
) -> View:
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
    lines += [*staff_note_lines(texts, visit), *_block_lines(texts, record)]
    back = Button(texts.text("« Back"), ShowStaffCard(booking_id=visit.id))
    visits = [[_coming(texts, each)] for each in coming[:COMING_SHOWN]]
    more, changes = _more(texts, visit, again), _changes(texts, visit, record)
    return View(Html("\n".join(lines)), [*visits, more, changes, [back, menu(texts)]])


def _more(texts: Translator, visit: Visit, again: ShowSoonest) -> list[Button]:
    """Return the ways to all of a customer's visits, and to one more as this one was."""
    return [
        Button(texts.text("Visits"), ShowCustomerVisits(booking_id=visit.id)),
        Button(texts.text("Book again"), again),
        Button(texts.text("Phone"), AskPhone(booking_id=visit.id)),
        *([link_button(texts, visit)] if visit.is_by_phone else []),
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
    note = staff_note_button(texts, visit)
    if not record.blocked:
        return [note, Button(texts.text("Block"), BlockCustomer(booking_id=visit.id), style="danger")]
    reason = Button(texts.text("Reason"), AskBlockReason(booking_id=visit.id))
    return [note, Button(texts.text("Unblock"), UnblockCustomer(booking_id=visit.id)), reason]


def staff_note_button(texts: Translator, visit: Visit) -> Button:
    """The way to note something of a visit's customer."""
    return Button(texts.text("Note"), AskStaffNote(booking_id=visit.id))


def staff_note_lines(texts: Translator, visit: Visit) -> list[Html]:
    """What the staff notes of a visit's customer, where it does."""
    note = visit.staff_note
    return [texts.html("🔒 For staff: {note}", note=note)] if note else []


def phone_lines(texts: Translator, visit: Visit) -> list[Html]:
    """Write a customer's phone number, and whether it is the only way to them."""
    if visit.customer_phone is None:
        return []
    if visit.is_by_phone:
        return [texts.html("📞 {phone} (no Telegram)", phone=visit.customer_phone)]
    return [texts.html("📞 {phone}", phone=visit.customer_phone)]


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
    label = texts.text("{day}, {time} · {service}", day=day, time=time, service=visit.services)
    return Button(f"{sign} {label}" if sign else label, ShowStaffCard(booking_id=visit.id))
