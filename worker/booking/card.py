"""The answer that shows a booking's card."""

from worker.booking import views
from worker.booking.details import Details
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply


def card_reply(
    context: RequestContext,
    details: Details,
    *,
    toast: str | None = None,
    alert: bool = False,
    outcome: str | None = None,
) -> Reply:
    """Answer with the booking's card as it stands."""
    card = views.card(context.texts, details, context.now)
    return Reply(card, toast=toast, alert=alert, outcome=outcome, card=details.id)
