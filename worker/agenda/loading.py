"""The visits of some days, with all that an agenda says of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from worker.agenda.repository import load_first_visits, load_hours
from worker.agenda.rules import midnight, uncovered
from worker.agenda.views import AgendaStyle
from worker.confirming.rules import is_unconfirmed
from worker.parts.repository import load_between
from worker.visits.repository import Visit


async def load_agenda(
    session: AsyncSession, days: Sequence[date], specialist_id: int | None, zone: ZoneInfo, now: datetime
) -> tuple[list[Visit], AgendaStyle]:
    """Load the visits of some days in a row, one specialist's or everyone's, and how they are written."""
    begin, end = midnight(days[0], zone), midnight(days[-1] + timedelta(days=1), zone)
    visits = await load_between(session, begin, end, specialist_id, now)
    if not visits:
        return visits, AgendaStyle(zone, everyone=specialist_id is None)
    style = AgendaStyle(
        zone,
        everyone=specialist_id is None,
        uncovered=uncovered(visits, await load_hours(session, visits), zone, now),
        first_visits=await load_first_visits(session, visits),
        unconfirmed={visit.id for visit in visits if is_unconfirmed(visit, now)},
    )
    return visits, style
