"""How far a rebooking has come, and what closes it with one of its visits."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from worker.alternatives import repository
from worker.alternatives.promises import promise_cards
from worker.alternatives.repository import RebookingData
from worker.alternatives.rules import UNDECIDED, AnswerState
from worker.alternatives.views import Progress
from worker.keeping.repository import release
from worker.runtime.context import RequestContext
from worker.visits.freed import offering
from worker.visits.repository import Visit, load_several


async def load_progress(
    session: AsyncSession, rebooking: RebookingData, zone: ZoneInfo, now: datetime
) -> Progress:
    """Load how far it has come."""
    rebooked = await repository.load_visits(session, rebooking.id)
    visits = {
        visit.id: visit for visit in await load_several(session, [each.booking_id for each in rebooked])
    }
    return Progress(rebooking, rebooked, visits, zone, now)


def has_chosen(visit: Visit) -> bool:
    """Tell whether a visit that nobody was there for has another time by now, or is none any more."""
    return not visit.is_live or not visit.waived


async def release_for(context: RequestContext, booking_ids: Sequence[int], taken: int | None = None) -> None:
    """Let go of every time that is kept for visits' customers: it is free but for the one that is taken."""
    kept = await repository.load_holds(context.session, booking_ids)
    await release(context.session, [each.id for each in kept])
    for each in kept:
        if each.id != taken and each.start > context.now:
            key, timer = offering(each.specialist_id, each.start, each.end, context.now)
            context.set_timer(key, timer.command, timer.due_at)


async def close(
    context: RequestContext, rebooking_id: int, booking_ids: Sequence[int], state: AnswerState
) -> list[int]:
    """Write what became of visits, let go of what was kept for them, and have the cards follow.

    Returns those of which it was not known yet.
    """
    changed = await repository.write_state(context.session, rebooking_id, booking_ids, state)
    if changed:
        await release_for(context, changed)
        await show_on_cards(context, rebooking_id)
    return changed


async def show_on_cards(context: RequestContext, rebooking_id: int, *, at_once: bool = False) -> None:
    """Promise the cards anew, and note the end of a rebooking in which nobody is undecided."""
    rebooked = await repository.load_visits(context.session, rebooking_id)
    await promise_cards(context, rebooking_id, min(each.booking_id for each in rebooked), at_once=at_once)
    if not any(each.state in UNDECIDED for each in rebooked):
        await repository.end(context.session, rebooking_id, context.now)
