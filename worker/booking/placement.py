"""The one way a visit gets its time: booking, moving, and whatever else comes later.

The slot engine says who may take a start by the rules; the database's constraints say who got it. A
specialist who was taken in between makes room for the next who is free, and nobody waits for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asyncpg.exceptions import ExclusionViolationError
from sqlalchemy import ColumnElement, false, func, literal, not_, select, update
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.models.booking import LIVE, Booking
from worker import locks
from worker.booking.refusals import nearest
from worker.schedule.agenda import Calendar
from worker.schedule.engine import check
from worker.schedule.repository import Schedule, load_around
from worker.schedule.rule import Reason, ServiceRule

type Condition = ColumnElement[bool]

NEVER: Condition = false()
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

    booking_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The visit cannot be; `reason` is None where nobody does the service any more."""

    reason: Reason | None


async def place(
    session: AsyncSession,
    wish: Wish,
    now: datetime,
    about: Mapping[str, Any],
    *,
    moving: int | None = None,
    unless: Condition = NEVER,
) -> Placed | Refused:
    """Write a booking at the time of `wish`: a new one, or `moving` an existing one there.

    `about` is what else its row says; a new one is not written where `unless` holds. Nothing is written
    when it is refused.
    """
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
        booking_id = await _take(session, wish, schedule.rule, calendar.specialist, about, moving, unless)
        if booking_id is not None:
            return Placed(booking_id)
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
    session: AsyncSession,
    wish: Wish,
    rule: ServiceRule,
    specialist_id: int,
    about: Mapping[str, Any],
    moving: int | None,
    unless: Condition,
) -> int | None:
    """Write the row and return its id; None where the database refuses it because someone was faster."""
    seats = await _free_seat(session, wish, rule, specialist_id, moving)
    if seats is None:
        return None
    values = {**about, "specialist_id": specialist_id, "seats": seats, **_times(rule, wish.start)}
    if moving is None:
        return await _insert(session, {**values, "service_id": wish.service_id}, unless)
    return await _update(session, moving, values)


def _times(rule: ServiceRule, start: datetime) -> dict[str, Range[datetime]]:
    end = start + timedelta(seconds=rule.duration)
    busy_start = start - timedelta(seconds=rule.buffer_before)
    busy_end = end + timedelta(seconds=rule.buffer_after)
    return {"during": Range(start, end), "busy": Range(busy_start, busy_end)}


async def _insert(session: AsyncSession, values: Mapping[str, Any], unless: Condition) -> int | None:
    row = select(*(_expression(name, value) for name, value in values.items())).where(not_(unless))
    statement = insert(Booking).from_select(list(values), row).on_conflict_do_nothing().returning(Booking.id)
    return await session.scalar(statement)


def _expression(name: str, value: object) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value, getattr(Booking, name).type)


async def _update(session: AsyncSession, booking_id: int, values: Mapping[str, Any]) -> int | None:
    statement = update(Booking).where(Booking.id == booking_id).values(values)
    try:
        async with session.begin_nested():
            await session.execute(statement)
    except IntegrityError as error:
        if isinstance(error.orig.__cause__ if error.orig else None, ExclusionViolationError):
            return None
        raise
    return booking_id


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
        Booking.busy.overlaps(_times(rule, wish.start)["busy"]),
        func.lower(Booking.during) == wish.start,
        Booking.status.in_(LIVE),
        Booking.id.is_distinct_from(moving),
    )
    taken = set(await session.scalars(statement))
    seat = next((seat for seat in range(1, rule.capacity + 1) if seat not in taken), None)
    return None if seat is None else Range(seat, seat + 1)
