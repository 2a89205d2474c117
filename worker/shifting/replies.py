"""Moving visits of a series together: what would come of it, and what somebody is answered."""

from datetime import datetime

from shared.contracts.booking import Moving
from worker.moving.replies import not_moved
from worker.moving.rules import is_by_staff, obstacle
from worker.placement import bars
from worker.placement.placement import Booked, BookingRequest, place
from worker.runtime.context import RequestContext
from worker.shifting import views
from worker.shifting.repository import load_later
from worker.shifting.rules import Shift, out_of_each_others_way, shift_between, shifted
from worker.ui.reply import Reply
from worker.visits.repository import Visit
from worker.visits.rules import is_repeatable


def not_shifted(context: RequestContext, visit: Visit, version: int) -> Reply | None:
    """Say why a visit cannot be moved with the later ones; None where it can."""
    if refusal := bars.not_now(context) or not_moved(context, visit, version):
        return refusal
    if visit.series_id is not None and is_repeatable(visit, context.now):
        return None
    return Reply(toast=context.texts.text("This visit can be moved by itself only."), alert=True)


async def shift_all(context: RequestContext, visit: Visit, start: datetime) -> list[Shift]:
    """Write that a visit begins then, and the later ones of its series as much later or earlier.

    What cannot be moved there stays as it is. Whoever only wants to know rolls it back.
    """
    visits = [visit, *await load_later(context.session, visit)]
    by = shift_between(visit.start, start, context.zone)
    found = {
        each.id: await _shift(context, each, shifted(each.start, by, context.zone))
        for each in out_of_each_others_way(visits, by)
    }
    return [found[each.id] for each in visits]


async def _shift(context: RequestContext, visit: Visit, start: datetime) -> Shift:
    by_staff = is_by_staff(visit, context.user.id)
    if obstacle(visit, visit.version, context.now, by_staff=by_staff) is not None:
        return Shift(visit, start, None)
    wish = BookingRequest(visit.service_id, visit.specialist_id, start, stays_at=visit.location_id)
    limited = bars.is_limited(context) and not by_staff
    outcome = await place(context.session, wish, context.now, visit, limited=limited)
    return Shift(visit, start, outcome.visit if isinstance(outcome, Booked) else None)


def shift_question(context: RequestContext, moving: Moving, start: datetime, shifts: list[Shift]) -> Reply:
    """Show what would come of it, which is rolled back, and ask whether it is right."""
    by_staff = is_by_staff(shifts[0].visit, context.user.id)
    page = views.ShiftPage(moving, start, shifts, by_staff=by_staff)
    return Reply(views.question(context.texts, page))
