"""Answers to a customer who says that they will be late."""

from worker.lateness.rules import Unneeded
from worker.lateness.views import unneeded
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.replies import card_reply, refused
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle


def not_said(context: RequestContext, visit: Visit, found: Obstacle | Unneeded) -> Reply:
    """Say why nobody hears that the customer will be late, beside the visit's card."""
    if isinstance(found, Obstacle):
        return refused(context, visit, found)
    return card_reply(context, visit, toast=unneeded(context.texts, visit, found), alert=True)
