"""What is in calendars, visits and parts of them; what is written of parts beside their first time."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, DateTime, TextualSelect, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.envelope import NOBODY
from worker.db.engine import fetch
from worker.db.models.booking import IS_BOOKED, Booking, KeptFor, Status
from worker.db.scope import scope
from worker.visits.repository import FROM_BOOKING, MOST, SELECTED, Visit, typed, visit_of

FOR_GOOD: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""Until when the time of a part is held: its visit decides."""
_OF_PART: Final = frozenset(
    {"service_id", "specialist_id", "location_id", "during", "busy", "seats", "price"}
)
"""What a part has of its own; all else is its visit's."""
_AS_VISIT: Final = ", ".join(
    f"{'part' if each.name in _OF_PART else 'visit'}.{each.name}" for each in Booking.__table__.columns
)
_PARTS: Final = """(
    SELECT {columns} FROM booking AS part
    JOIN booking AS visit ON visit.business_id = part.business_id AND visit.id = part.part_of
    WHERE part.business_id = :business AND part.status = 'held' AND part.kept_for = 'part'
        AND part.busy && tstzrange(:begin, :end)
) AS booking
"""
_BETWEEN: Final = """
    booking.business_id = :business
    AND booking.busy && tstzrange(:begin, :end) AND booking.during && tstzrange(:begin, :end)
    AND (CAST(:specialist_id AS bigint) IS NULL OR booking.specialist_id = :specialist_id)
"""
_STANDS: Final = f"booking.{IS_BOOKED}"
_STANDS_OR_BEEN: Final = f"({_STANDS} OR booking.status IN ('done', 'no_show'))"


def _between(source: str, stands: str) -> TextualSelect:
    order = f"ORDER BY lower(booking.during), booking.id LIMIT {MOST}"
    instant = DateTime(timezone=True)
    return typed(
        f"SELECT {SELECTED} {source} WHERE {stands} AND {_BETWEEN} {order}",
        begin=instant,
        end=instant,
        specialist_id=BigInteger,
    )


_BOOKED_BETWEEN: Final = _between(FROM_BOOKING, _STANDS)
_DONE_BETWEEN: Final = _between(FROM_BOOKING, _STANDS_OR_BEEN)
_PARTS_BETWEEN: Final = _between(
    FROM_BOOKING.replace("FROM booking\n", f"FROM {_PARTS.format(columns=_AS_VISIT)}", 1), _STANDS_OR_BEEN
)


async def load_between(
    session: AsyncSession, begin: datetime, end: datetime, specialist_id: int | None, now: datetime
) -> list[Visit]:
    """Load what has a moment in a stretch of time: one specialist's, or everyone's, soonest first.

    A part stands there by itself, as its visit with the part's service, specialist, time and price.
    """
    # Those that are done are in no index: they are looked for only where there can be any.
    statement = _BOOKED_BETWEEN if begin > now - timedelta(days=1) else _DONE_BETWEEN
    values = {"begin": begin, "end": end, "specialist_id": specialist_id}
    visits = [visit_of(row) for row in await fetch(session, statement, values)]
    parts = [visit_of(row) for row in await fetch(session, _PARTS_BETWEEN, values)]
    return sorted([*visits, *parts], key=lambda each: (each.start, each.id)) if parts else visits


async def load_added(session: AsyncSession, booking_id: int) -> list[int]:
    """Load which services follow in a visit, in their order."""
    parts = (Booking.business_id == scope(session), Booking.part_of == booking_id)
    statement = select(Booking.service_id).where(*parts).order_by(func.lower(Booking.during))
    return list(await session.scalars(statement))


async def set_aside(session: AsyncSession, booking_id: int) -> None:
    """Let the times go that the parts of a visit have: for good, or until they are brought back."""
    await _write_parts(session, booking_id, status=Status.CANCELLED, kept_until=None)


async def bring_back(session: AsyncSession, booking_id: int) -> bool:
    """Have the parts of a visit take their times again; the constraints refuse what others have."""
    await _write_parts(session, booking_id, status=Status.HELD, kept_until=FOR_GOOD)
    return True


async def keep_for_good(session: AsyncSession, booking_id: int) -> None:
    """Have the parts of a hold be those of a visit: nobody's, and held as long as it stands."""
    kept = {"status": Status.HELD, "kept_for": KeptFor.PART, "kept_until": FOR_GOOD}
    await _write_parts(session, booking_id, customer_id=NOBODY, **kept)


async def _write_parts(session: AsyncSession, booking_id: int, **values: object) -> None:
    own = (Booking.business_id == scope(session), Booking.part_of == booking_id)
    await session.execute(
        update(Booking).where(*own).values(values).execution_options(synchronize_session=False)
    )
