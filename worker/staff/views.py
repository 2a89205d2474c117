"""What the people who work here see of one visit, and what they are asked before they cancel it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.contracts.booking import Moving, StartMove
from shared.contracts.customers import (
    ShowCustomer,
)
from shared.contracts.series import AskCancelLater
from shared.contracts.staff import (
    LONGEST_WORD,
    AskCallOff,
    AskCallOffWord,
    CallOff,
    ConfirmForCustomer,
    ShowAgenda,
    ShowStaffCard,
    ShowVisitHistory,
)
from shared.envelope import NOBODY
from shared.i18n.translator import Html, Translator
from worker.aftercare.repository import Rating
from worker.aftercare.views import rating_lines
from worker.attendance.views import mark_lines, mark_rows
from worker.confirming import views as confirming
from worker.confirming.rules import is_unconfirmed
from worker.customers.views import phone_lines, staff_note_button, staff_note_lines
from worker.db.models.booking import Awaited, Status
from worker.forms.views import visit_buttons
from worker.lateness.views import staff_late_lines
from worker.requests.views import request_rows, until_lines
from worker.ui.buttons import menu
from worker.ui.deposits import deposit_lines
from worker.ui.phrases import called, mention, price_lines, visit_line, when, where
from worker.ui.view import Button, Keyboard, View
from worker.visits.answers import answer_lines
from worker.visits.part_views import part_lines
from worker.visits.repository import Visit
from worker.visits.rules import obstacle_for_business
from worker.visits.views import companion_lines, note_lines, repeat_buttons, size_button


def staff_card(
    texts: Translator,
    visit: Visit,
    now: datetime,
    *,
    uncovered: bool = False,
    rating: Rating | None = None,
) -> View:
    """A visit of the calendar, with what can be done about it; first that nobody is there, if that is so."""
    alone = texts.html("⚠️ <b>Nobody is there then.</b> Move the visit, or cancel it.")
    lines = [*([alone, ""] if uncovered else []), _title(texts, visit), "", *_about(texts, visit)]
    lines += [*price_lines(texts, visit.price, visit.currency), *deposit_lines(texts, visit.deposit)]
    lines += where(texts, visit.place)
    lines += [
        *confirming.staff_lines(texts, visit, now),
        *staff_late_lines(texts, visit),
        *mark_lines(texts, visit),
        *until_lines(texts, visit),
        *answer_lines(texts, visit.answers),
        *rating_lines(texts, rating),
        *companion_lines(texts, visit),
        *note_lines(texts, visit),
        *staff_note_lines(texts, visit),
    ]
    return View(Html("\n".join(lines)), [*mark_rows(texts, visit, now), *_card_rows(texts, visit, now)])


def _card_rows(texts: Translator, visit: Visit, now: datetime) -> Keyboard:
    asking = AskCallOff(booking_id=visit.id, version=visit.version)
    cancel = Button(texts.text_in("visit", "Cancel"), asking, style="danger")
    moving = Moving(booking_id=visit.id, version=visit.version)
    move = Button(texts.text("Move"), StartMove(moving=moving))
    changes = [] if obstacle_for_business(visit, visit.version, now) else [move, cancel]
    if visit.status is Status.PENDING:
        changes = [cancel] if visit.awaits is Awaited.PAYMENT else []
    customer = Button(texts.text("Customer"), ShowCustomer(booking_id=visit.id))
    history = Button(texts.text("History"), ShowVisitHistory(booking_id=visit.id))
    note = [] if visit.customer_id == NOBODY else [staff_note_button(texts, visit)]
    coming = ConfirmForCustomer(booking_id=visit.id, version=visit.version)
    they_come = [Button(texts.text("They will come"), coming)] if is_unconfirmed(visit, now) else []
    answers = visit_buttons(texts, visit.answers, visit.id)
    they_come = [] if visit.status is Status.PENDING else they_come
    asked = request_rows(texts, visit)
    party = max(visit.places, visit.most_places) > 1 and visit.status is Status.CONFIRMED
    sizes = [size_button(texts, visit)] if party and now < visit.start else []
    return [
        *asked,
        they_come,
        sizes,
        [*changes, *repeat_buttons(texts, visit, now), *note],
        [customer, *answers, history],
        [_day(texts, visit), menu(texts)],
    ]


def call_off(texts: Translator, visit: Visit) -> View:
    """The question before the business cancels."""
    yes = Button(
        texts.text("Yes, cancel"), CallOff(booking_id=visit.id, version=visit.version), style="danger"
    )
    saying = AskCallOffWord(booking_id=visit.id, version=visit.version)
    word = Button(texts.text("Cancel with a word"), saying, style="danger")
    later = AskCancelLater(booking_id=visit.id, version=visit.version)
    told = texts.html("<b>Cancel this visit?</b> The customer will be told.")
    if visit.is_by_phone:
        told = texts.html("<b>Cancel this visit?</b> The customer has no Telegram: call them.")
    lines = [told, "", *_about(texts, visit)]
    series = [Button(texts.text("This and later"), later)] if visit.series_id is not None else []
    ways = [[yes], [] if visit.is_by_phone else [word], series, [_keep(texts, visit)]]
    return View(Html("\n".join(lines)), ways)


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
    return View(Html("\n".join(lines)), [[_keep(texts, visit)]], asks=True)


def _keep(texts: Translator, visit: Visit) -> Button:
    return Button(texts.text("No, keep it"), ShowStaffCard(booking_id=visit.id))


def called_off(texts: Translator, visit: Visit) -> str:
    """Say that a visit is cancelled, and who has to be told by phone."""
    if visit.is_by_phone:
        return texts.text("Cancelled. The customer has no Telegram: call them.")
    return texts.text("Cancelled.")


def _title(texts: Translator, visit: Visit) -> Html:
    if visit.status is Status.CANCELLED:
        return texts.html("❌ <b>Cancelled</b>")
    if visit.status is Status.PENDING:
        return texts.html("⏳ <b>Request № {number}</b>", number=visit.id)
    return texts.html("<b>Visit № {number}</b>", number=visit.id)


def _about(texts: Translator, visit: Visit) -> list[Html]:
    zone = ZoneInfo(visit.timezone)
    return [
        visit_line(texts, visit.service, visit.specialist),
        Html(f"👤 {mention(texts, visit)}"),
        *phone_lines(texts, visit),
        *part_lines(texts, visit.parts, zone, visit.currency),
        *when(texts, visit.start, visit.until, zone),
    ]


def _day(texts: Translator, visit: Visit) -> Button:
    day = visit.start.astimezone(ZoneInfo(visit.timezone)).date()
    return Button(texts.text("The day"), ShowAgenda(first=day))
