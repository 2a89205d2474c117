"""What decides about a visit: the schedule of its service, and of those that are to follow it at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from worker.scheduling.asker import Asker
from worker.scheduling.repository import Loader, Schedule, days_around


async def load_schedule(
    session: AsyncSession,
    services: Sequence[int],
    first: date,
    last: date,
    asker: Asker,
    *,
    specialist_id: int | None = None,
    location_id: int | None = None,
) -> Schedule | None:
    """Load what decides about starts from the first to the last date of the business, both included.

    It is that of the first of the `services`, with those of the others, which are to follow it at once.
    `specialist_id` narrows it to one specialist, who does each of the others that they do, anyone the rest;
    `location_id` to the days on which they work at one place. None where no such service can be booked, or
    some cannot be one of several: a visit that is moved keeps what it has. No calendars where no such
    specialist does it, or none at that place.
    """
    loader = Loader(session, first, last, asker, location_id)
    leading = await loader.load(services[0], specialist_id)
    if leading is None or len(services) == 1:
        return leading
    further = [await loader.load(each) for each in services[1:]]
    found = [each for each in further if each is not None and each.calendars]
    fit = asker.moving is not None or all(each.combinable for each in (leading, *found))
    if not fit or len(found) < len(further) or len({*services}) < len(services):
        return None
    return replace(leading, then=[_with(specialist_id, each) for each in found])


async def load_around(
    session: AsyncSession,
    services: Sequence[int],
    start: datetime,
    asker: Asker,
    *,
    specialist_id: int | None = None,
    location_id: int | None = None,
) -> Schedule | None:
    """Load what `check` needs for one start, whatever date that is in the business's zone."""
    return await load_schedule(
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
