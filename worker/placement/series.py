"""Placing a visit that repeats: one calendar decides about all of its dates, and all are written or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from worker.placement import repository
from worker.placement.allocation import NewVisit, Room
from worker.placement.giving_way import settle_offered
from worker.placement.placement import BookingRequest, allocation_of, intent_of
from worker.placement.rules import Barred, Standing, barred, displaced, room_left
from worker.scheduling.asker import Asker
from worker.scheduling.engine import needs_lock
from worker.scheduling.following import load_schedule
from worker.scheduling.query import SlotQuery
from worker.scheduling.repository import Schedule
from worker.standing.repository import load_standing
from worker.visits.repository import Visit, load_ahead


@dataclass(frozen=True, slots=True)
class Repeated:
    """What repeats: a service with one specialist at one place, between two dates."""

    service_id: int
    specialist_id: int
    location_id: int | None
    first: date
    last: date
    places: int = 1
    """How many places of a group each visit takes."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that decides about the dates."""

    schedule: Schedule
    query: SlotQuery
    standing: Standing
    own: Sequence[Visit]
    """The customer's visits ahead, and what is held for them."""

    def room(self, repeated: Visit) -> int:
        """Return how many more visits the customer may have ahead that repeat one of theirs."""
        return room_left(self.standing, self.own, repeated)


async def look_ahead(
    session: AsyncSession, asked: Repeated, customer_id: int, now: datetime, *, lock: bool = False
) -> Outlook | None:
    """Load what decides about a series; None where the specialist does not do that there any more.

    With `lock`, before the transaction ends nobody else gives the customer a visit, and where the rules
    count, nobody else counts the specialist's.
    """
    standing = await load_standing(session, customer_id, now, lock=lock)
    schedule = await _schedule(session, asked, customer_id, now)
    if lock and schedule is not None and any(map(needs_lock, schedule.queries(now))):
        await repository.lock_specialist(session, asked.specialist_id)
        schedule = await _schedule(session, asked, customer_id, now)
    queries = [] if schedule is None else schedule.queries(now)
    if schedule is None or not queries:
        return None
    return Outlook(schedule, queries[0], standing, await load_ahead(session, customer_id, now))


def series_bar(
    outlook: Outlook, repeated: Visit, start: datetime, now: datetime, *, limited: bool
) -> Barred | None:
    """Return what stands in the customer's way, whichever dates they choose; None where nothing does.

    Where the service says how long a series may be, that it gets longer is no further visit.
    """
    wish = BookingRequest(repeated.service_id, repeated.specialist_id, start, anyway=True)
    intent = intent_of(wish, outlook.schedule, now, None, limited=limited)
    return barred(intent, outlook.standing, outlook.own if repeated.max_series is None else ())


async def place_series(
    session: AsyncSession,
    outlook: Outlook,
    asked: Repeated,
    new: NewVisit,
    starts: Sequence[datetime],
    now: datetime,
) -> list[Visit] | None:
    """Write a visit for each of the starts, which the outlook says are free, in their order.

    None where the database refuses one because somebody was faster; nothing is left of the others then.
    """
    written: list[Visit] = []
    room = Room(new.customer_id, now, displaced(asked.service_id, outlook.own))
    for start in starts:
        wish = BookingRequest(asked.service_id, asked.specialist_id, start, asked.location_id)
        visit = await repository.insert(session, new, allocation_of(wish, outlook.query), room)
        if visit is None:
            await repository.take_back(session, *(each.id for each in written))
            return None
        written.append(visit)
    await settle_offered(session, room, outlook.own)
    return written


async def _schedule(
    session: AsyncSession, asked: Repeated, customer_id: int, now: datetime
) -> Schedule | None:
    return await load_schedule(
        session,
        (asked.service_id,),
        asked.first,
        asked.last,
        Asker(now, customer_id, places=asked.places),
        specialist_id=asked.specialist_id,
        location_id=asked.location_id,
    )
