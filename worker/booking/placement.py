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
from worker.booking.refusals import nearest
from worker.booking.times import NewVisit, Time
from worker.db import locks
from worker.db.models.booking import LIVE, Booking
from worker.scheduling.agenda import Calendar
from worker.scheduling.engine import check
from worker.scheduling.repository import Schedule, load_around
from worker.scheduling.rule import Reason, ServiceRule

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
    if schedule is None or not schedule.calendars:
        return Refused(None)
    reasons: list[Reason] = []
    for calendar in _by_fairness(schedule, wish.start):
        reason = check(
            schedule.rule, calendar, int(wish.start.timestamp()), schedule.zone, int(now.timestamp())
        )
        if reason is not None:
            reasons.append(reason)
            continue
        visit = await _take(session, wish, schedule.rule, calendar.specialist, what)
        if visit is not None:
            return Placed(visit)
        reasons.append(Reason.BOOKED)
    return Refused(nearest(reasons))


def _by_fairness(schedule: Schedule, start: datetime) -> list[Calendar]:
    """Whoever has the fewest visits around that day comes first; the business's order breaks ties."""
    day = int(timedelta(days=1).total_seconds())
    instant = int(start.timestamp())
    return sorted(
        schedule.calendars, key=lambda calendar: len(calendar.between(instant - day, instant + day))
    )


async def _take(
    session: AsyncSession, wish: Wish, rule: ServiceRule, specialist_id: int, what: NewVisit | int
) -> Visit | None:
    """Write the row; None where the database refuses it because someone was faster."""
    moving = what if isinstance(what, int) else None
    seats = await _free_seat(session, wish, rule, specialist_id, moving)
    if seats is None:
        return None
    time = Time(wish.service_id, specialist_id, seats, *_times(rule, wish.start))
    if isinstance(what, NewVisit):
        return await times.insert(session, what, time)
    try:
        async with session.begin_nested():
            return await times.move(session, what, time)
    except IntegrityError as error:
        if isinstance(error.orig.__cause__ if error.orig else None, ExclusionViolationError):
            return None
        raise


def _times(rule: ServiceRule, start: datetime) -> tuple[Range[datetime], Range[datetime]]:
    """Return when the visit is, and when it keeps its specialist busy."""
    end = start + timedelta(seconds=rule.duration)
    busy_start = start - timedelta(seconds=rule.buffer_before)
    busy_end = end + timedelta(seconds=rule.buffer_after)
    return Range(start, end), Range(busy_start, busy_end)


async def _free_seat(
    session: AsyncSession, wish: Wish, rule: ServiceRule, specialist_id: int, moving: int | None
) -> Range[int] | None:
    """Choose what the visit takes: the whole person, or under a lock the group's lowest free seat."""
    if rule.capacity == 1:
        return WHOLE_PERSON
    await session.execute(select(func.pg_advisory_xact_lock(locks.SPECIALIST, specialist_id)))
    statement = select(func.lower(Booking.seats)).where(
        Booking.specialist_id == specialist_id,
        Booking.service_id == rule.service,
        Booking.busy.overlaps(_times(rule, wish.start)[1]),
        func.lower(Booking.during) == wish.start,
        Booking.status.in_(LIVE),
        Booking.id.is_distinct_from(moving),
    )
    taken = set(await session.scalars(statement))
    seat = next((seat for seat in range(1, rule.capacity + 1) if seat not in taken), None)
    return None if seat is None else Range(seat, seat + 1)
