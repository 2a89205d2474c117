"""What a visit that waits for an answer adds to what shows it."""

from zoneinfo import ZoneInfo

from shared.contracts.approval import Accept, AcceptProposal, AskDecline, DeclineProposal
from shared.contracts.booking import Moving, StartMove
from shared.contracts.payments import AskInvoiceOf
from shared.i18n.translator import Html, Translator
from worker.db.models.booking import Awaited, Status
from worker.ui.view import Button, Keyboard
from worker.visits.repository import Visit

# What those who work here see


def request_rows(texts: Translator, visit: Visit) -> Keyboard:
    """The answers that those who work here may give; none where nothing waits for one."""
    if visit.status is not Status.PENDING or visit.awaits is Awaited.PAYMENT:
        return []
    about = {"booking_id": visit.id, "version": visit.version}
    accept = Button(texts.text("Accept"), Accept(**about), style="success")
    decline = Button(texts.text("Decline"), AskDecline(**about), style="danger")
    another = Button(texts.text("Propose another time"), StartMove(moving=Moving(**about)))
    return [[*([] if visit.awaits is Awaited.CUSTOMER else [accept]), decline], [another]]


def until_lines(texts: Translator, visit: Visit) -> list[Html]:
    """Until when the request has to be answered, and by whom."""
    moment = _answer_by(texts, visit)
    if moment is None:
        return []
    if visit.awaits is Awaited.CUSTOMER:
        return [
            texts.html("⏳ Proposed. Without the customer's answer by {day}, {time} it lapses.", **moment)
        ]
    if visit.awaits is Awaited.PAYMENT:
        return [texts.html("💳 Accepted. Without its deposit by {day}, {time} it lapses.", **moment)]
    return [texts.html("⏳ Without an answer by {day}, {time} it lapses.", **moment)]


# What its customer sees


def request_title(texts: Translator, visit: Visit) -> Html:
    """What a card says first of a visit that waits for an answer."""
    if visit.awaits is Awaited.PAYMENT:
        return texts.html("💳 <b>Accepted. Pay the deposit, and it is booked</b>")
    if visit.awaits is Awaited.CUSTOMER:
        return texts.html("🕒 <b>Does this time suit you?</b>")
    return texts.html("⏳ <b>Asked for. Waiting for {specialist}</b>", specialist=visit.listener)


def proposal_buttons(texts: Translator, visit: Visit) -> list[Button]:
    """The answers that a customer may give to another time that is proposed to them; what they are to pay."""
    if visit.awaits is Awaited.PAYMENT:
        return [Button(texts.text("Pay"), AskInvoiceOf(booking_id=visit.id), style="success")]
    if visit.awaits is not Awaited.CUSTOMER:
        return []
    about = {"booking_id": visit.id, "version": visit.version}
    accept = Button(texts.text("Accept"), AcceptProposal(**about), style="success")
    return [accept, Button(texts.text("Decline"), DeclineProposal(**about), style="danger")]


def answer_lines(texts: Translator, visit: Visit) -> list[Html]:
    """Until when the customer has to answer, or is answered."""
    moment = _answer_by(texts, visit)
    if moment is None:
        return []
    if visit.awaits is None:
        return [texts.html("⏳ Without an answer by {day}, {time} it lapses.", **moment)]
    if visit.awaits is Awaited.PAYMENT:
        return [texts.html("⏳ Held for you until {day}, {time}.", **moment)]
    return [texts.html("⏳ Please answer by {day}, {time}: the time is kept for you until then.", **moment)]


def _answer_by(texts: Translator, visit: Visit) -> dict[str, str] | None:
    if visit.status is not Status.PENDING or visit.kept_until is None:
        return None
    local = visit.kept_until.astimezone(ZoneInfo(visit.timezone))
    return {"day": texts.short_day(local.date()), "time": texts.time(local)}
