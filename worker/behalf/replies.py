"""What staff are answered who book for somebody."""

from shared.contracts.booking import ShowSummary
from worker.agenda.access import sees
from worker.behalf import views
from worker.db.models.booking import KeptFor
from worker.placement import bars
from worker.placement.rules import Barred
from worker.runtime.context import RequestContext
from worker.staff.views import staff_card
from worker.ui.reply import Reply
from worker.visits import promises
from worker.visits.repository import Visit


def in_the_way(context: RequestContext, asked: ShowSummary, found: Barred) -> Reply:
    """Say which of the customer's visits stands in the way: to them, or to the staff who ask for them."""
    if context.customer is None:
        return bars.answer(context, asked, found)
    own, texts = found.visits[0], context.texts
    if not sees(context, own) or own.kept_for is KeptFor.GATHERING:
        return Reply(toast=texts.text("The customer has this at that time already."), alert=True)
    view = staff_card(texts, own, context.now)
    if asked.specialist_id in {None, own.specialist_id}:
        return Reply(view, toast=texts.text("Booked already."))
    toast = texts.text("The customer has this at that time already.")
    return Reply(view, toast=toast, alert=True, outcome="conflict")


async def booked(context: RequestContext, visit: Visit) -> Reply:
    """Promise what follows from a visit that staff booked, and show them its card."""
    await promises.of_staff_booking(context, visit)
    view = staff_card(context.texts, visit, context.now)
    return Reply(view, toast=views.booked(context.texts, visit), changed=True, outcome="confirmed")
