"""What a customer is asked and told who cancels a visit."""

from zoneinfo import ZoneInfo

from shared.contracts.booking import BookAgain
from shared.contracts.cancelling import LONGEST_CANCEL_REASON, Cancel
from shared.contracts.own_visits import ShowBooking
from shared.contracts.series import AskCancelLater
from shared.i18n.translator import Html, Translator
from worker.deposit import DepositState
from worker.ui.buttons import menu, question_buttons
from worker.ui.deposits import money
from worker.ui.phrases import visit_line, when
from worker.ui.view import Button, View
from worker.visits.repository import Visit
from worker.visits.rules import loses_deposit


def cancel_question(texts: Translator, visit: Visit) -> View:
    """The question before cancelling."""
    yes = Button(
        texts.text("Yes, cancel"),
        Cancel(booking_id=visit.id, version=visit.version),
        style="danger",
    )
    keep = Button(texts.text("No, keep it"), ShowBooking(booking_id=visit.id))
    lines = [texts.html("<b>Cancel this visit?</b>")]
    lines.append(visit_line(texts, visit.services, visit.specialists))
    lines += when(texts, visit.start, visit.until, ZoneInfo(visit.timezone))
    lines += _deposit_lines(texts, visit)
    later = AskCancelLater(booking_id=visit.id, version=visit.version)
    series = [Button(texts.text("This and later"), later)] if visit.series_id is not None else []
    return View(Html("\n".join(lines)), [[yes], series, [keep]])


def _deposit_lines(texts: Translator, visit: Visit) -> list[Html]:
    """Say what becomes of what was paid ahead: not after it has become so."""
    if visit.deposit is None or visit.deposit.state is not DepositState.PAID:
        return []
    price = money(texts, visit.deposit.money)
    if loses_deposit(visit):
        return [texts.html("💳 If you cancel, the deposit of {price} is kept.", price=price)]
    return [texts.html("💳 If you cancel, the deposit of {price} is returned.", price=price)]


def reason_question(texts: Translator, visit: Visit) -> View:
    """The question why a visit was cancelled, or moved late; its answer is typed."""
    moved = texts.html("<b>Why did you move the visit so late?</b>")
    lines = [
        moved if visit.is_live else texts.html("<b>Why did you cancel?</b>"),
        texts.html("{business} reads it. Up to {count} characters.", **_reading(visit)),
    ]
    return View(Html("\n".join(lines)), question_buttons(texts), asks=True)


def _reading(visit: Visit) -> dict[str, str | int]:
    return {"business": visit.business, "count": LONGEST_CANCEL_REASON}


def explained(texts: Translator, visit: Visit) -> View:
    """What a customer reads who said why they cancelled, or moved a visit late."""
    way = Button(texts.text("Book again"), BookAgain(booking_id=visit.id))
    if visit.is_live:
        way = Button(texts.text("Show the visit"), ShowBooking(booking_id=visit.id))
    return View(texts.html("<b>Thank you for telling us.</b>"), [[way], [menu(texts)]])
