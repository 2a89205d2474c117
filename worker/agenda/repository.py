"""What an agenda says of visits beside themselves: when their specialists work, and whose first they are."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from worker.agenda.rules import uncovered
from worker.dates import repository as dates
from worker.db.engine import fetch
from worker.db.models.catalogue import Specialist
from worker.db.scope import BUSINESS_ID, scope
from worker.scheduling.hours import WeeklyHours
from worker.visits.repository import Visit
from worker.visits.rules import pieces

A_DAY: Final = timedelta(days=1)
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


async def load_hours(
    session: AsyncSession, visits: Collection[Visit], ids: Iterable[int] = (), days: Iterable[date] = ()
) -> dict[int, WeeklyHours]:
    """Load when the visits' specialists work, and others, as far as visits and days reach.

    Whoever never does is left out. Raises ValueError without any visit or day.
    """
    reached = [moment.date() for visit in visits for moment in (visit.start, visit.end)]
    reached += days
    people = {visit.specialist_id for visit in visits} | set(ids)
    return await dates.load_hours(session, people, min(reached) - A_DAY, max(reached) + A_DAY)


async def load_working(session: AsyncSession, specialist_id: int | None) -> dict[int, str]:
    """Load the names of who works here, by id: of everybody, or of one."""
    statement = select(Specialist.id, Specialist.name).where(
        Specialist.business_id == scope(session), Specialist.active
    )
    if specialist_id is not None:
        statement = statement.where(Specialist.id == specialist_id)
    return {number: name for number, name in await session.execute(statement)}  # noqa: C416 - rows are no pairs


async def is_uncovered(session: AsyncSession, visit: Visit, zone: ZoneInfo, now: datetime) -> bool:
    """Tell whether nobody is there for a visit that is still to come."""
    if not visit.is_live or visit.until <= now:
        return False
    services = pieces(visit)
    return bool(uncovered(services, await load_hours(session, services), zone, now))
