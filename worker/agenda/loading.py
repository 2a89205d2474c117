"""The visits of some days, with all that an agenda says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from worker.agenda.repository import load_first_visits, load_hours, load_working
from worker.agenda.rules import midnight, uncovered
from worker.agenda.views import AgendaStyle
from worker.confirming.rules import is_unconfirmed
from worker.parts.repository import load_between
from worker.scheduling.hours import WeeklyHours
from worker.visits.repository import Visit


@dataclass(frozen=True, slots=True)
class Agenda:
    """Some days, with all that a picture shows of them."""

    visits: Sequence[Visit]
    style: AgendaStyle
    hours: Mapping[int, WeeklyHours]
    """When the specialists work, by id: those of the visits, and all who work here."""
    names: Mapping[int, str]
    """Who works here, by id."""


async def load_agenda(
    session: AsyncSession, days: Sequence[date], specialist_id: int | None, zone: ZoneInfo, now: datetime
) -> tuple[list[Visit], AgendaStyle]:
    """Load the visits of some days in a row, one specialist's or everyone's, and how they are written."""
    visits = await _load_visits(session, days, specialist_id, zone, now)
    hours = await load_hours(session, visits) if visits else {}
    return visits, await _load_style(session, visits, hours, AgendaStyle(zone, specialist_id is None), now)


async def load_plan(
    session: AsyncSession, days: Sequence[date], specialist_id: int | None, zone: ZoneInfo, now: datetime
) -> Agenda:
    """Load the same with who works then, for a picture."""
    visits = await _load_visits(session, days, specialist_id, zone, now)
    names = await load_working(session, specialist_id)
    hours = dict.fromkeys(names, WeeklyHours({}, {}))
    hours |= await load_hours(session, visits, names, days)
    style = await _load_style(session, visits, hours, AgendaStyle(zone, specialist_id is None), now)
    return Agenda(visits, style, hours, names)


async def _load_visits(
    session: AsyncSession, days: Sequence[date], specialist_id: int | None, zone: ZoneInfo, now: datetime
) -> list[Visit]:
    begin, end = midnight(days[0], zone), midnight(days[-1] + timedelta(days=1), zone)
    return await load_between(session, begin, end, specialist_id, now)


async def _load_style(
    session: AsyncSession,
    visits: Sequence[Visit],
    hours: Mapping[int, WeeklyHours],
    plain: AgendaStyle,
    now: datetime,
) -> AgendaStyle:
    """Load what is special about each visit."""
    if not visits:
        return plain
    return replace(
        plain,
        uncovered=uncovered(visits, hours, plain.zone, now),
        first_visits=await load_first_visits(session, visits),
        unconfirmed={visit.id for visit in visits if is_unconfirmed(visit, now)},
    )
