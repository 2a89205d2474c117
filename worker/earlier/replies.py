"""Answers to who would have a visit at another time that is somebody's now."""

from worker.db.models.booking import Status
from worker.placement import bars
from worker.runtime.context import RequestContext
from worker.ui.reply import Reply
from worker.visits.replies import card_reply, refused
from worker.visits.repository import Visit
from worker.visits.rules import obstacle_to_answer


def not_agreed(context: RequestContext, visit: Visit, version: int) -> Reply | None:
    """Answer where a visit is not what its customer saw, waits for an answer itself, or may not be moved now.

    None for a visit that stands.
    """
    found = obstacle_to_answer(visit, version)
    if found is not None:
        return refused(context, visit, found)
    if visit.status is Status.PENDING:
        waits = context.texts.text("This visit waits for an answer. That comes first.")
        return card_reply(context, visit, toast=waits, alert=True)
    return bars.not_now(context)
