"""Answers that several handlers give about a visit."""

from typing import Final

from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits import views
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle

STALE: Final = "stale"
TOO_LATE: Final = "too_late"
LATE: Final = (Obstacle.TOO_LATE_TO_MOVE, Obstacle.MOVED_ENOUGH, Obstacle.TOO_LATE_TO_CANCEL)


def card_reply(
    context: RequestContext,
    visit: Visit,
    *,
    toast: str | None = None,
    alert: bool = False,
    outcome: str | None = None,
) -> Reply:
    """Answer with the visit's card as it stands."""
    card = views.card(context.texts, visit, context.now)
    return Reply(card, toast=toast, alert=alert, outcome=outcome, card=visit.id)


def refused(context: RequestContext, visit: Visit, obstacle: Obstacle) -> Reply:
    """Say what stands in the way, beside the visit's card as it stands."""
    toast = views.obstacle(context.texts, visit, obstacle)
    outcome = TOO_LATE if obstacle in LATE else STALE
    return card_reply(context, visit, toast=toast, alert=True, outcome=outcome)
