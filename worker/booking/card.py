"""The answer that shows a booking's card."""

from worker.booking import views
from worker.booking.details import Details
from worker.runtime.context import Context
from worker.ui.view import Outcome, Reply


def card_reply(
    context: Context,
    details: Details,
    *,
    toast: str | None = None,
    alert: bool = False,
    outcome: Outcome | None = None,
) -> Reply:
    """Answer with the booking's card as it stands."""
    card = views.card(context.texts, details, context.now)
    return Reply(card, toast=toast, alert=alert, outcome=outcome, card=details.id)
