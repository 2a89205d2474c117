"""Placing people who come together: places of a group are held for all, then all are booked, or none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.keeping.repository import confirm
from worker.people.repository import let_nobody_in
from worker.placement import repository
from worker.placement.allocation import NewVisit
from worker.placement.placement import Booked, BookingRequest, NotBooked, place
from worker.placement.rules import Barred, Standing
from worker.scheduling.asker import Asker
from worker.scheduling.engine import check
from worker.scheduling.following import load_around
from worker.scheduling.rules import Reason
from worker.standing.repository import load_standing
from worker.visits.repository import Visit


class _GoneError(Exception):
    """A hold is over, or gone."""


async def lock_people(
    session: AsyncSession, people: Collection[int], now: datetime
) -> Mapping[int, Standing]:
    """Have nobody else give these people visits before this transaction ends; return what is known of them.

    Always in the same order, so that no two who do so wait for each other.
    """
    return {each: await load_standing(session, each, now, lock=True) for each in sorted(people)}


async def hold_places(
    session: AsyncSession,
    wish: BookingRequest,
    hold: NewVisit,
    places: int,
    now: datetime,
    *,
    limited: bool,
) -> list[Booked] | NotBooked | Barred:
    """Hold so many places of a group's session: the first for its customer, the others for nobody.

    All of them, or none, and what refuses the first or another one.
    """
    await let_nobody_in(session)
    await lock_people(session, (NOBODY, hold.customer_id), now)
    own = await place(session, replace(wish, places=1), now, hold, limited=limited)
    if not isinstance(own, Booked):
        return own
    held, visit = [own], own.visit
    other = BookingRequest(
        visit.service_id, visit.specialist_id, visit.start, visit.location_id, anyway=True, places=1
    )
    for _ in range(places - 1):
        outcome = await place(session, other, now, replace(hold, customer_id=NOBODY), limited=False)
        if not isinstance(outcome, Booked):
            await repository.take_back(session, *(each.visit.id for each in held))
            return outcome
        held.append(outcome)
    return held


async def book_held(session: AsyncSession, held: Sequence[Visit], now: datetime) -> list[Visit] | NotBooked:
    """Make visits of places of one session that are held for different people: of all, or of none.

    Their customers are locked by now. The rules are asked once more, about the first of them beside all the
    others: what has changed since the places were held refuses all.
    """
    await repository.lock_specialist(session, held[0].specialist_id)
    refusal = await _refusal(session, held[0], now)
    if refusal is not None:
        return refusal
    try:
        async with session.begin_nested():
            return [await _confirmed(session, each.id, now) for each in held]
    except _GoneError:
        return NotBooked(Reason.BOOKED)


async def _confirmed(session: AsyncSession, booking_id: int, now: datetime) -> Visit:
    visit = await confirm(session, booking_id, now)
    if visit is None:
        raise _GoneError
    return visit


async def _refusal(session: AsyncSession, held: Visit, now: datetime) -> NotBooked | None:
    schedule = await load_around(
        session,
        (held.service_id,),
        held.start,
        Asker(now, moving=held.id, places=1),
        specialist_id=held.specialist_id,
        location_id=held.location_id,
    )
    query = None if schedule is None else next(iter(schedule.queries(now)), None)
    reason = None if query is None else check(query, int(held.start.timestamp()))
    return NotBooked(reason) if query is None or reason is not None else None
