"""The statements that give a visit its time; each answers with the visit as it stands then."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any, Final

from asyncpg.exceptions import ExclusionViolationError, UniqueViolationError
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Interval,
    Text,
    TextualSelect,
    delete,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import INT4RANGE, INT8MULTIRANGE, TSTZRANGE, Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db import locks
from worker.db.engine import fetch
from worker.db.models.booking import Booking
from worker.db.scope import scope
from worker.placement.allocation import Agreement, Allocation, NewVisit, Room
from worker.visits.repository import FROM_BOOKING, SELECTED, Visit, typed, visit_of

TAKEN: Final = (ExclusionViolationError, UniqueViolationError)
"""How the database says that a time is somebody's, or that its customer has that very visit."""
_INSTANT: Final = DateTime(timezone=True)
_TYPES: Final = {
    "service_id": BigInteger,
    "specialist_id": BigInteger,
    "location_id": BigInteger,
    "seats": INT4RANGE,
    "during": TSTZRANGE,
    "busy": TSTZRANGE,
    "customer_id": BigInteger,
    "now": _INSTANT,
    "displaced": ARRAY(BigInteger),
    "only_seen": Boolean,
    "units": INT8MULTIRANGE,
    "outside": Boolean,
}


# What is gone before the row is written: holds in its way that are over, and those that the visit is in
# place of. The row is made FROM it, so it runs first; and in the order of ids, so that two who make room at
# once do not wait for each other.
_MAKING_ROOM: Final = """
    gone AS (
        DELETE FROM booking
        WHERE booking.business_id = :business AND booking.id IN (
            SELECT hold.id FROM booking AS hold
            WHERE hold.business_id = :business AND hold.status = 'held' AND (
                (hold.specialist_id = :specialist_id OR hold.units && :units) AND hold.busy && :busy
                    AND hold.kept_until <= :now
                OR hold.customer_id = :customer_id AND hold.customer_id <> 0 AND (
                    (hold.kept_for = 'summary' OR hold.kept_for = 'offer' AND NOT :only_seen) AND (
                        hold.busy && :busy AND (hold.specialist_id = :specialist_id OR hold.units && :units)
                        OR hold.service_id = :service_id AND lower(hold.during) = lower(:during)
                    ) OR hold.kept_for = 'summary' AND hold.service_id = :service_id
                    OR hold.id = ANY(:displaced)
                )
            )
            ORDER BY hold.id FOR UPDATE
        )
        RETURNING booking.id
    ),
    room AS (SELECT count(*) AS made FROM gone),
"""


# Whether a visit waits for an answer: not where its service takes whoever has been here before at once.
_AGREEMENT: Final = """
    CROSS JOIN LATERAL (
        SELECT :asks AND service.approval AND NOT (service.approval_regulars AND EXISTS (
            SELECT FROM booking AS earlier
            WHERE earlier.business_id = :business AND earlier.customer_id = :customer_id
                AND (earlier.status = 'done' OR earlier.status = 'confirmed')
                AND upper(earlier.during) <= :now AND earlier.outcome IS DISTINCT FROM 'no_show'
        )) AS waits,
        least(:latest, :now + service.approval_within * interval '1 minute') AS answer_by
    ) AS agreement
"""


def _writing(sql: str, **types: Any) -> TextualSelect:  # noqa: ANN401 - SQLAlchemy's types and their classes
    """Make a statement that writes a booking and answers with the visit: one round trip."""
    written = sql.format(making_room=_MAKING_ROOM, agreement=_AGREEMENT)
    return typed(f"WITH {written} RETURNING booking.*) SELECT {SELECTED} {FROM_BOOKING}", **types)


# What the catalogue says, the price, is looked up while the row is written.
_INSERT: Final = _writing(
    """
    {making_room} booking AS (
    INSERT INTO booking (
        business_id, service_id, specialist_id, location_id, customer_id, during, busy, seats, units, status,
        price, currency, kept_until, kept_for, outside, part_of
    )
    SELECT service.business_id, service.id, :specialist_id, :location_id, :customer_id, :during, :busy,
        :seats, :units, CASE WHEN waits THEN 'pending' ELSE :status END,
        CASE WHEN :places > 1 AND each.price IS NOT NULL
            THEN numrange(lower(each.price) * :places, upper(each.price) * :places, '[]')
            ELSE each.price END, :currency,
        CASE WHEN waits THEN answer_by WHEN :kept_until IS NOT NULL THEN least(:kept_until, :latest) END,
        :kept_for, :outside, :part_of
    FROM room CROSS JOIN service
    {agreement}
    LEFT JOIN specialist_service ON specialist_service.business_id = :business
        AND specialist_service.service_id = service.id
        AND specialist_service.specialist_id = :specialist_id
    CROSS JOIN LATERAL (SELECT coalesce(specialist_service.price, service.price) AS price) AS each
    WHERE service.business_id = :business AND service.id = :service_id
    ON CONFLICT DO NOTHING
    """,
    **_TYPES,
    currency=Text,
    status=Text,
    kept_until=_INSTANT,
    kept_for=Text,
    asks=Boolean,
    latest=_INSTANT,
    part_of=BigInteger,
    places=Integer,
)
# A wish to be earlier ends with the time that it was about.
_MOVE: Final = _writing(
    """
    {making_room} ended AS (
        UPDATE waitlist_entry SET ended_at = :now, outcome = 'moved'
        WHERE waitlist_entry.business_id = :business AND waitlist_entry.booking_id = :booking_id
            AND waitlist_entry.ended_at IS NULL
    ),
    booking AS (
    UPDATE booking SET specialist_id = :specialist_id, location_id = :location_id, during = :during,
        busy = :busy, seats = :seats, units = :units, version = booking.version + 1, waived = false,
        moved = booking.moved OR booking.status = 'confirmed',
        status = CASE WHEN waits THEN 'pending' ELSE booking.status END,
        kept_until = CASE WHEN waits OR booking.status = 'pending' THEN answer_by END,
        awaits = CASE WHEN waits OR booking.status = 'pending' THEN :awaits END,
        attending_at = NULL, asked_at = NULL, confirm_by = NULL, arrived_at = NULL, late_minutes = NULL,
        outside = :outside
    FROM room CROSS JOIN service
    {agreement}
    WHERE booking.business_id = :business AND booking.id = :booking_id AND booking.service_id = :service_id
        AND service.business_id = :business AND service.id = :service_id
    """,
    **_TYPES,
    booking_id=BigInteger,
    asks=Boolean,
    awaits=Text,
    latest=_INSTANT,
)
_SHIFT: Final = _writing(
    """
    booking AS (
    UPDATE booking SET during = tstzrange(lower(during) + :by, upper(during) + :by),
        busy = tstzrange(lower(busy) + :by, upper(busy) + :by), confirm_by = confirm_by + :by
    WHERE booking.business_id = :business AND booking.id = :booking_id
    """,
    booking_id=BigInteger,
    by=Interval,
)
# Holds that are over go first, and what its customer only looks at: their seats may be given out by now.
_RESIZED: Final = """
    gone AS (
        DELETE FROM booking WHERE booking.business_id = :business AND booking.id IN (
            SELECT hold.id FROM booking AS hold
            WHERE hold.business_id = :business AND hold.specialist_id = :specialist_id
                AND hold.status = 'held' AND hold.busy && :during
                AND (hold.kept_until <= :now OR hold.customer_id = :customer_id AND hold.kept_for = 'summary')
            ORDER BY hold.id FOR UPDATE) RETURNING booking.id
    ),
    room AS (SELECT count(*) AS made FROM gone),
    booking AS (
        UPDATE booking SET version = version + 1,
            seats = coalesce(:seats, int4range(lower(seats), lower(seats) + :places)),
            price = CASE WHEN price IS NOT NULL THEN numrange(
                trim_scale(lower(price) * :places / (upper(seats) - lower(seats))),
                trim_scale(upper(price) * :places / (upper(seats) - lower(seats))), '[]'
            ) END
        FROM room
        WHERE booking.business_id = :business AND booking.id = :id AND NOT upper_inf(seats)
        RETURNING booking.*
    )
"""
_RESIZE: Final = typed(
    f"WITH {_RESIZED} SELECT {SELECTED} {FROM_BOOKING}",
    **{name: _TYPES[name] for name in ("specialist_id", "customer_id", "during", "seats", "now")},
    id=BigInteger,
    places=Integer,
)


async def insert(session: AsyncSession, new: NewVisit, allocation: Allocation, room: Room) -> Visit | None:
    """Write a new visit; None where another has its time."""
    about = {
        "currency": new.currency,
        "status": new.status,
        "kept_until": new.kept_until,
        "kept_for": new.kept_for,
        "asks": new.asks,
        "latest": allocation.latest,
        "part_of": new.part_of,
        "places": 1 if allocation.seats is None else len(allocation.seats),
    }
    return await _write(session, _INSERT, allocation, room, **about)


async def take_back(session: AsyncSession, *booking_ids: int) -> None:
    """Delete visits that were inserted in this transaction, which are not to be."""
    own = Booking.business_id == scope(session)
    await session.execute(delete(Booking).where(own, Booking.id.in_(booking_ids)))


async def move(
    session: AsyncSession, booking_id: int, allocation: Allocation, room: Room, agreement: Agreement
) -> Visit | None:
    """Write when a visit is now; None where another has that time, or there is no such visit."""
    about = {"asks": agreement.asks, "awaits": agreement.awaits, "latest": allocation.latest}
    moving = _write(session, _MOVE, allocation, room, booking_id=booking_id, **about)
    return await unless_taken(session, moving)


async def resize(
    session: AsyncSession, visit: Visit, places: int, seats: range | None, now: datetime
) -> Visit | None:
    """Write how many places a visit takes: these seats, or the first of its own; None of no group."""
    values: dict[str, Any] = {
        "id": visit.id,
        "specialist_id": visit.specialist_id,
        "customer_id": visit.customer_id,
        "during": Range(visit.start, visit.end),
        "seats": None if seats is None else _numbers(seats),
        "places": places,
        "now": now,
    }
    rows = await fetch(session, _RESIZE, values)
    return visit_of(rows[0]) if rows else None


async def shift(session: AsyncSession, booking_id: int, by: timedelta) -> Visit | None:
    """Write that a visit is so much later, with all that it takes; None where another has that time.

    Its version stays: whoever corrects visits makes new ones, of everything that is corrected of them.
    """
    return await unless_taken(session, _write_shift(session, booking_id, by))


async def _write_shift(session: AsyncSession, booking_id: int, by: timedelta) -> Visit | None:
    rows = await fetch(session, _SHIFT, {"booking_id": booking_id, "by": by})
    return visit_of(rows[0]) if rows else None


async def unless_taken[T](session: AsyncSession, writing: Awaitable[T | None]) -> T | None:
    """Write something that takes time; None, and it is not written, where another has that time."""
    try:
        async with session.begin_nested():
            return await writing
    except IntegrityError as error:
        if isinstance(error.orig.__cause__ if error.orig else None, TAKEN):
            return None
        raise


async def lock_specialist(session: AsyncSession, specialist_id: int) -> None:
    """Have nobody else who asks for this lock count a specialist's visits before this transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(locks.SPECIALIST, specialist_id)))


def _numbers(seats: range | None) -> Range[int]:
    return Range(1, None) if seats is None else Range(seats.start, seats.stop)


async def _write(
    session: AsyncSession, statement: TextualSelect, allocation: Allocation, room: Room, **more: object
) -> Visit | None:
    values = {
        "service_id": allocation.service_id,
        "specialist_id": allocation.specialist_id,
        "location_id": allocation.location_id,
        "seats": _numbers(allocation.seats),
        "during": Range(allocation.start, allocation.end),
        "busy": Range(allocation.busy_start, allocation.busy_end),
        "customer_id": room.customer_id,
        "now": room.now,
        "displaced": list(room.displaced),
        "only_seen": room.only_seen,
        "units": [Range(unit, unit + 1) for unit in allocation.units],
        "outside": allocation.outside,
    }
    rows = await fetch(session, statement, {**values, **more})
    return visit_of(rows[0]) if rows else None
