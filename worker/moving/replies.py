"""What whoever moves a visit is answered: its customer with their card, those who work here with theirs."""

from shared.contracts.booking import Move
from worker.moving.rules import is_by_staff, is_there, obstacle, stays
from worker.runtime.context import RequestContext
from worker.staff.views import staff_card
from worker.ui.reply import Reply
from worker.visits.replies import card_reply, refused
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle
from worker.visits.views import obstacle as visit_obstacle


def moved_card(
    context: RequestContext,
    visit: Visit,
    *,
    toast: str | None = None,
    alert: bool = False,
    outcome: str | None = None,
) -> Reply:
    """Answer with a visit that is moved, or changed otherwise, as whoever does so sees it."""
    if not is_by_staff(visit, context.user.id):
        return card_reply(context, visit, toast=toast, alert=alert, outcome=outcome)
    view = staff_card(context.texts, visit, context.now)
    return Reply(view, toast=toast, alert=alert, outcome=outcome)


def moved(context: RequestContext, visit: Visit) -> str:
    """Say that a visit is moved, and who has to be told by phone."""
    if visit.is_by_phone:
        return context.texts.text("Moved! The customer has no Telegram: call them.")
    return context.texts.text("Moved!")


def not_moved(context: RequestContext, visit: Visit, version: int) -> Reply | None:
    """Say what stands in the way of a move, beside the visit as it stands; None where nothing does."""
    by_staff = is_by_staff(visit, context.user.id)
    found = obstacle(visit, version, context.now, by_staff=by_staff)
    return None if found is None else hindered(context, visit, found)


def nothing_to_move(context: RequestContext, command: Move, visit: Visit) -> Reply | None:
    """Answer a move that has happened, that cannot be or that changes nothing; None for any other."""
    if is_there(visit, command):
        return moved_card(context, visit, toast=context.texts.text("Moved already."))
    if refusal := not_moved(context, visit, command.moving.version):
        return refusal
    if stays(visit, command):
        there = context.texts.text("The visit is at that time already.")
        return moved_card(context, visit, toast=there)
    return None


def customer_has_it(context: RequestContext, visit: Visit) -> Reply:
    """Tell staff that the customer has another visit of the same service at the time."""
    toast = context.texts.text("The customer has this at that time already.")
    return moved_card(context, visit, toast=toast, alert=True, outcome="conflict")


def hindered(context: RequestContext, visit: Visit, found: Obstacle) -> Reply:
    """Say to whoever changes a visit what stands in the way, beside the visit as it stands."""
    if not is_by_staff(visit, context.user.id):
        return refused(context, visit, found)
    toast = visit_obstacle(context.texts, visit, found)
    return moved_card(context, visit, toast=toast, alert=True, outcome="stale")
