"""What staff see while they book for somebody."""

from shared.i18n.translator import Html, Translator
from worker.behalf.repository import NamedCustomer
from worker.ui.names import shown_name
from worker.ui.phrases import called
from worker.visits.repository import Visit


def headed(texts: Translator, customer: NamedCustomer, text: Html) -> Html:
    """Say above a page of the flow whom it is for."""
    user = customer.user
    name = called(texts, shown_name([user.first_name, user.last_name, user.username]))
    line = texts.html("👤 For <b>{customer}</b>", customer=name)
    if customer.phone:
        line = texts.html("{line}, {phone}", line=line, phone=customer.phone)
    return Html(f"{line}\n\n{text}")


def booked(texts: Translator, visit: Visit) -> str:
    """Say that the visit is booked, and who has to be told by phone."""
    if visit.is_by_phone:
        return texts.text("Booked! The customer has no Telegram: nothing is sent to them.")
    if not visit.customer_reachable:
        return texts.text("Booked! The customer cannot be written to here: call them.")
    return texts.text("Booked!")
