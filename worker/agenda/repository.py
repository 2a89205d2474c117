"""What an agenda says of visits beside themselves: when their specialists work, and whose first they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, bindparam, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from worker.agenda.rules import uncovered
from worker.db.engine import fetch
from worker.db.models.catalogue import ScheduleException, Specialist, WorkingHours
from worker.db.scope import BUSINESS_ID, scope
from worker.scheduling.hours import WeeklyHours, Window
from worker.visits.repository import Visit
from worker.visits.rules import pieces

# Those that were missed, cancelled or only held are no visits; whoever was forgotten is everybody's first.
_FIRST: Final = text("""
SELECT booking.id FROM booking
WHERE booking.business_id = :business AND booking.id = ANY(:ids) AND booking.customer_id <> 0
    AND NOT EXISTS (
        SELECT FROM booking AS earlier
        WHERE earlier.business_id = :business AND earlier.customer_id = booking.customer_id
            AND earlier.status NOT IN ('held', 'cancelled', 'no_show')
            AND earlier.outcome IS DISTINCT FROM 'no_show'
            AND (lower(earlier.during), earlier.id) < (lower(booking.during), booking.id)
    )
""").bindparams(BUSINESS_ID, bindparam("ids", type_=ARRAY(BigInteger)))


async def load_first_visits(session: AsyncSession, visits: Collection[Visit]) -> set[int]:
    """Return the ids of those visits that are their customers' first."""
    found = await fetch(session, _FIRST, {"ids": [visit.id for visit in visits]})
    return {row[0] for row in found}


async def load_hours(session: AsyncSession, visits: Collection[Visit]) -> dict[int, WeeklyHours]:
    """Load when the visits' specialists work, as far as the visits reach; whoever never does is left out."""
    days = [moment.date() for visit in visits for moment in (visit.start, visit.end)]
    return await load_hours_of(session, {visit.specialist_id for visit in visits}, min(days), max(days))


async def load_working(session: AsyncSession, specialist_id: int | None) -> dict[int, str]:
    """Load the names of who works here, by id: of everybody, or of one."""
    statement = select(Specialist.id, Specialist.name).where(
        Specialist.business_id == scope(session), Specialist.active
    )
    if specialist_id is not None:
        statement = statement.where(Specialist.id == specialist_id)
    return {number: name for number, name in await session.execute(statement)}  # noqa: C416 - rows are no pairs


async def load_hours_of(
    session: AsyncSession, ids: Collection[int], first: date, last: date
) -> dict[int, WeeklyHours]:
    """Load when specialists work from a date to another; whoever never does is left out."""
    hours, single = WorkingHours, ScheduleException
    weekly = select(hours.specialist_id, hours.weekday, hours.minutes).where(
        hours.business_id == scope(session), hours.specialist_id.in_(ids)
    )
    a_day = timedelta(days=1)
    exceptions = select(single.specialist_id, single.day, single.minutes).where(
        single.business_id == scope(session),
        single.specialist_id.in_(ids),
        single.day.between(first - a_day, last + a_day),
    )
    by_weekday: dict[int, dict[int, tuple[Window, ...]]] = defaultdict(dict)
    for specialist_id, weekday, minutes in await session.execute(weekly):
        by_weekday[specialist_id][weekday] = _windows(minutes)
    by_day: dict[int, dict[date, tuple[Window, ...]]] = defaultdict(dict)
    for specialist_id, day, minutes in await session.execute(exceptions):
        by_day[specialist_id][day] = _windows(minutes)
    known = by_weekday.keys() | by_day.keys()
    return {each: WeeklyHours(by_weekday[each], by_day[each]) for each in known}


async def is_uncovered(session: AsyncSession, visit: Visit, zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether nobody is there for a visit that is still to come."""
    if not visit.is_live or visit.until <= now:
        return False
    services = pieces(visit)
    return bool(uncovered(services, await load_hours(session, services), zone, now))


def _windows(minutes: Iterable[Range[int]]) -> tuple[Window, ...]:
    return tuple((span.lower or 0, span.upper or 0) for span in minutes)
