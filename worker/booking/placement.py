"""The one way a visit gets its time: booking, moving, and whatever else comes later.

The slot engine says who may take a start by the rules; the database's constraints say who got it. A
specialist who was taken in between makes room for the next who is free, and nobody waits for a person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from asyncpg.exceptions import ExclusionViolationError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from worker.booking import times
from worker.booking.details import Visit
from worker.booking.times import NewVisit, Time
from worker.db import locks
from worker.scheduling.engine import check, nearest, needs_lock
from worker.scheduling.repository import Schedule, load_around
from worker.scheduling.rules import Reason, ServicePolicy, SlotQuery, free_seat

WHOLE_PERSON: Range[int] = Range(1, None)


@dataclass(frozen=True, slots=True)
class Wish:
    """A visit that someone wants: at this start, with this specialist or with anyone."""

    service_id: int
    specialist_id: int | None
    start: datetime


@dataclass(frozen=True, slots=True)
class Placed:
    """The visit has its time; this transaction only has to be committed."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Refused:
    """The visit cannot be; `reason` is None where nobody does the service any more."""

    reason: Reason | None


async def place(session: AsyncSession, wish: Wish, now: datetime, what: NewVisit | int) -> Placed | Refused:
    """Write a booking at the time of `wish`: a new one, or move the one with this id there.

    Nothing is written when it is refused.
    """
    moving = what if isinstance(what, int) else None
    schedule = await load_around(
        session, wish.service_id, wish.start, specialist_id=wish.specialist_id, ignoring=moving
    )
    reasons: list[Reason] = []
    for query in _by_fairness(schedule, wish.start, now) if schedule else ():
        visit = await _try(session, wish, query, now, what)
        if isinstance(visit, Visit):
            return Placed(visit)
        reasons += [visit] if visit else []
    return Refused(nearest(reasons))


def _by_fairness(schedule: Schedule, start: datetime, now: datetime) -> list[SlotQuery]:
    """Whoever has the fewest visits around that day comes first; the business's order breaks ties."""
    day = int(timedelta(days=1).total_seconds())
    instant = int(start.timestamp())
    return sorted(
        schedule.queries(now), key=lambda query: len(query.calendar.between(instant - day, instant + day))
    )


async def _try(
    session: AsyncSession, wish: Wish, query: SlotQuery, now: datetime, what: NewVisit | int
) -> Visit | Reason | None:
    """Write the visit with one specialist, or say why not; None where the service is no longer offered.

    A count that two people can break together is checked again under the specialist's lock.
    """
    start = int(wish.start.timestamp())
    reason = check(query, start)
    if reason is None and needs_lock(query):
        fresh = await _locked(session, wish, query.calendar.specialist, now, what)
        if fresh is None:
            return None
        query, reason = fresh, check(fresh, start)
    return reason or await _write(session, wish, query, what)


async def _locked(
    session: AsyncSession, wish: Wish, specialist_id: int, now: datetime, what: NewVisit | int
) -> SlotQuery | None:
    """Lock the specialist until the transaction ends, and load their calendar as it is then."""
    await session.execute(select(func.pg_advisory_xact_lock(locks.SPECIALIST, specialist_id)))
    moving = what if isinstance(what, int) else None
    schedule = await load_around(
        session, wish.service_id, wish.start, specialist_id=specialist_id, ignoring=moving
    )
    return next(iter(schedule.queries(now)), None) if schedule else None


async def _write(session: AsyncSession, wish: Wish, query: SlotQuery, what: NewVisit | int) -> Visit | Reason:
    """Write the row, or say that the database refuses it because someone was faster."""
    time = Time(
        wish.service_id,
        query.calendar.specialist,
        _seats(query, wish.start),
        *_times(query.service, wish.start),
    )
    if isinstance(what, NewVisit):
        return await times.insert(session, what, time) or Reason.BOOKED
    try:
        async with session.begin_nested():
            return await times.move(session, what, time) or Reason.BOOKED
    except IntegrityError as error:
        if isinstance(error.orig.__cause__ if error.orig else None, ExclusionViolationError):
            return Reason.BOOKED
        raise


def _times(policy: ServicePolicy, start: datetime) -> tuple[Range[datetime], Range[datetime]]:
    """Return when the visit is, and when it keeps its specialist busy."""
    end = start + timedelta(seconds=policy.duration)
    busy_start = start - timedelta(seconds=policy.buffer_before)
    busy_end = end + timedelta(seconds=policy.buffer_after)
    return Range(start, end), Range(busy_start, busy_end)


def _seats(query: SlotQuery, start: datetime) -> Range[int]:
    """Choose what the visit takes: the whole person, or of a group the lowest seat that is free."""
    if query.service.capacity == 1:
        return WHOLE_PERSON
    seat = free_seat(query, int(start.timestamp()))
    return Range(seat, seat + 1)
