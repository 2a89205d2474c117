"""How many places of its session a visit could have, and taking so many."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from worker.placement import repository
from worker.scheduling.asker import Asker
from worker.scheduling.engine import check_each
from worker.scheduling.following import load_around
from worker.scheduling.rules import Reason, SlotQuery
from worker.scheduling.seats import free_seats, seats_taken
from worker.visits.repository import Visit


async def places_free(session: AsyncSession, visit: Visit, now: datetime, *, lock: bool = False) -> int:
    """Return how many more places of its session a visit's customer could have.

    With `lock`, nobody else takes one of them before this transaction ends. None can be had after the notice.
    """
    if lock:
        await repository.lock_specialist(session, visit.specialist_id)
    query, start = await _query(session, visit, now, 1), int(visit.start.timestamp())
    if query is None or Reason.NOTICE in check_each(query, start):
        return 0
    return max(0, query.service.capacity - seats_taken(query, start) - visit.places)


async def resize(session: AsyncSession, visit: Visit, places: int, now: datetime) -> Visit:
    """Write that a visit takes so many places, at the price of as many; its specialist is locked by now.

    Fewer are the first of its own. Raises ValueError where it is no visit of a group any more.
    """
    query = None if places < visit.places else await _query(session, visit, now, places)
    seats = None if query is None else free_seats(query, int(visit.start.timestamp()))
    resized = await repository.resize(session, visit, places, seats, now)
    if resized is None:
        raise ValueError(f"visit {visit.id} cannot take {places} places")
    return resized


async def _query(session: AsyncSession, visit: Visit, now: datetime, places: int) -> SlotQuery | None:
    """Look at the specialist's calendar without the visit itself, and what is held for its customer."""
    schedule = await load_around(
        session,
        (visit.service_id,),
        visit.start,
        Asker(now, visit.customer_id, visit.id, places),
        specialist_id=visit.specialist_id,
    )
    return None if schedule is None else next(iter(schedule.queries(now)), None)
