"""The schedules of several services that are to follow each other in one visit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from worker.scheduling.asker import Asker
from worker.scheduling.repository import Schedule, days_around, load_schedule


async def load_together(
    session: AsyncSession,
    services: Sequence[int],
    first: date,
    last: date,
    asker: Asker,
    *,
    specialist_id: int | None = None,
    location_id: int | None = None,
) -> Schedule | None:
    """Load what `load_schedule` does of the first of some services, and of those that are to follow it.

    Who is wanted does each that they do, anyone the others. None also where some cannot be one of several;
    a visit that is moved keeps what it has.
    """
    named = {"specialist_id": specialist_id, "location_id": location_id}
    leading = await load_schedule(session, services[0], first, last, asker, **named)
    if leading is None or len(services) == 1:
        return leading
    further = [
        await load_schedule(session, each, first, last, asker, location_id=location_id)
        for each in services[1:]
    ]
    found = [each for each in further if each is not None and each.calendars]
    fit = asker.moving is not None or all(each.combinable for each in (leading, *found))
    if not fit or len(found) < len(further) or len({*services}) < len(services):
        return None
    return replace(leading, then=[_with(specialist_id, each) for each in found])


async def load_together_around(
    session: AsyncSession,
    services: Sequence[int],
    start: datetime,
    asker: Asker,
    *,
    specialist_id: int | None = None,
    location_id: int | None = None,
) -> Schedule | None:
    """Load what `load_around` does, likewise."""
    return await load_together(
        session,
        services,
        *days_around(start),
        asker,
        specialist_id=specialist_id,
        location_id=location_id,
    )


def _with(specialist_id: int | None, schedule: Schedule) -> Schedule:
    own = [each for each in schedule.calendars if each.specialist == specialist_id]
    return replace(schedule, calendars=own or schedule.calendars)
