"""The specialists who can be off, and their hours on the dates that are still to come."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from worker.dates.repository import load_hours
from worker.db.models.catalogue import Specialist
from worker.db.scope import scope
from worker.scheduling.hours import WeeklyHours


@dataclass(frozen=True, slots=True)
class CalendarOwner:
    """A specialist who works here."""

    id: int
    name: str
    telegram_id: int | None


@dataclass(frozen=True, slots=True)
class SpecialistCalendar:
    """A specialist, and when they work from yesterday on."""

    owner: CalendarOwner
    hours: WeeklyHours


async def load_owners(session: AsyncSession) -> list[CalendarOwner]:
    """Load everybody who works here, in the business's order."""
    statement = (
        select(Specialist.id, Specialist.name, Specialist.telegram_id)
        .where(Specialist.business_id == scope(session), Specialist.active)
        .order_by(Specialist.position, Specialist.id)
    )
    return [CalendarOwner(*row) for row in await session.execute(statement)]


async def load_calendar(session: AsyncSession, specialist_id: int, since: date) -> SpecialistCalendar | None:
    """Load a specialist's hours with the dates from one on; None for who does not work here."""
    owner = next((each for each in await load_owners(session) if each.id == specialist_id), None)
    if owner is None:
        return None
    hours = await load_hours(session, [specialist_id], since)
    return SpecialistCalendar(owner, hours.get(specialist_id, WeeklyHours({})))
