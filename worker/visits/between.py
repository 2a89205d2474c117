"""What is in calendars: visits, and the parts that others than their first specialists do."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, DateTime, TextualSelect
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.models.booking import IS_BOOKED, Booking
from worker.visits.repository import FROM_BOOKING, MOST, SELECTED, Visit, typed, visit_of

_OF_PART: Final = frozenset(
    {"service_id", "specialist_id", "location_id", "during", "busy", "seats", "price"}
)
"""What a part has of its own; all else is its visit's."""
_AS_VISIT: Final = ", ".join(
    f"{'part' if each.name in _OF_PART else 'visit'}.{each.name}" for each in Booking.__table__.columns
)
_WITHIN: Final = """
    {row}.busy && tstzrange(:begin, :end) AND {row}.during && tstzrange(:begin, :end)
    AND (CAST(:specialist_id AS bigint) IS NULL OR {row}.specialist_id = :specialist_id)
"""
_FROM: Final = """(
    SELECT {visits} FROM booking AS visit
    WHERE visit.business_id = :business AND {stands} AND {visit_within}
    UNION ALL
    SELECT {parts} FROM booking AS part
    JOIN booking AS visit ON visit.business_id = part.business_id AND visit.id = part.part_of
    WHERE part.business_id = :business AND part.status = 'held' AND part.kept_for = 'part'
        AND {stands} AND {part_within}
) AS booking
"""


def _between(stands: str) -> TextualSelect:
    rows = _FROM.format(
        visits=", ".join(f"visit.{each.name}" for each in Booking.__table__.columns),
        parts=_AS_VISIT,
        stands=stands,
        visit_within=_WITHIN.format(row="visit"),
        part_within=_WITHIN.format(row="part"),
    )
    source = FROM_BOOKING.replace("FROM booking\n", f"FROM {rows}\n", 1)
    order = f"ORDER BY lower(booking.during), booking.id LIMIT {MOST}"
    instant = DateTime(timezone=True)
    return typed(
        f"SELECT {SELECTED} {source} WHERE booking.business_id = :business {order}",
        begin=instant,
        end=instant,
        specialist_id=BigInteger,
    )


_BOOKED_BETWEEN: Final = _between(f"visit.{IS_BOOKED}")
_DONE_BETWEEN: Final = _between(f"(visit.{IS_BOOKED} OR visit.status IN ('done', 'no_show'))")


async def load_between(
    session: AsyncSession, begin: datetime, end: datetime, specialist_id: int | None, now: datetime
) -> list[Visit]:
    """Load what has a moment in a stretch of time: one specialist's, or everyone's.

    A part stands there by itself, as its visit with the part's service, specialist, time and price.
    """
    # Those that are done are in no index: they are looked for only where there can be any.
    statement = _BOOKED_BETWEEN if begin > now - timedelta(days=1) else _DONE_BETWEEN
    values = {"begin": begin, "end": end, "specialist_id": specialist_id}
    return [visit_of(row) for row in await fetch(session, statement, values)]
