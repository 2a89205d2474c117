"""Exchanging the times of two visits: both or neither."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from worker.exchanging.repository import come_back, stand_aside
from worker.placement.allocation import Agreement, Room
from worker.placement.giving_way import settle_offered
from worker.placement.repository import move, unless_taken
from worker.placement.rules import Intent, barred
from worker.standing.repository import load_standing
from worker.visits.repository import Visit, load_ahead

type Both = tuple[Visit, Visit]


async def exchange(session: AsyncSession, visits: Both, now: datetime) -> Both | None:
    """Write that each of two visits is when the other was, both or neither; None where that cannot be.

    All that they take is taken as before, only by the other one: no rule of the schedule has to be asked,
    but each customer's other visits. Both visits are locked already; so are both customers until the
    transaction ends.
    """
    first, second = visits
    rooms: list[tuple[Room, Sequence[Visit]]] = []
    for visit, other in sorted([(first, second), (second, first)], key=lambda pair: pair[0].customer_id):
        standing = await load_standing(session, visit.customer_id, now, lock=True)
        intent = Intent(visit.service_id, other.start, other.end, visit.id, limited=False)
        own = await load_ahead(session, visit.customer_id, now)
        if barred(intent, standing, own):
            return None
        rooms.append((Room(visit.customer_id, now), own))
    after = await unless_taken(session, _exchanged(session, visits, now))
    for room, theirs in rooms if after else ():
        await settle_offered(session, room, theirs)
    return after


async def _exchanged(session: AsyncSession, visits: Both, now: datetime) -> Both | None:
    """Move each to where the other was.

    The constraints look at each row as it is written, and neither row can take what the other one still has:
    both stand aside, for this transaction alone, and come back when both have moved.
    """
    first, second = visits
    numbers = (first.id, second.id)
    taken = await stand_aside(session, numbers)
    for visit, other in ((first, second), (second, first)):
        room = Room(visit.customer_id, now)
        await move(session, visit.id, taken[other.id].of(other), room, Agreement())
    after = await come_back(session, numbers)
    return after[first.id], after[second.id]
