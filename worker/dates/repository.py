"""When specialists work: the week's hours, those of periods, and those of single dates."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, SmallInteger, cast, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB, Range
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.models.catalogue import ScheduleException, WorkingHours
from worker.db.models.periods import SpecialistPeriod
from worker.db.scope import scope
from worker.scheduling.hours import Period, WeeklyHours, Window
from worker.scheduling.periods import week_of_minutes
from worker.scheduling.validity import Validity


async def load_hours(
    session: AsyncSession, ids: Collection[int], first: date, last: date | None = None
) -> dict[int, WeeklyHours]:
    """Load when specialists work, with the exceptions from a date on, or to another.

    Whoever never does is left out.
    """
    weekly: defaultdict[int, dict[int, tuple[Window, ...]]] = defaultdict(dict)
    periods: defaultdict[int, list[Period]] = defaultdict(list)
    single: defaultdict[int, dict[date, tuple[Window, ...]]] = defaultdict(dict)
    rows = await session.execute(_hours(session, ids, first, last))
    for specialist, number, day, validity, minutes in rows:
        windows = _windows(minutes)
        if day is not None:
            single[specialist][day] = windows
        elif validity is not None:
            periods[specialist].append(Period(Validity.from_json(validity), week_of_minutes(windows)))
        else:
            weekly[specialist][number] = windows
    known = weekly.keys() | periods.keys() | single.keys()
    return {each: WeeklyHours(weekly[each], single[each], tuple(periods[each])) for each in known}


def _hours(session: AsyncSession, ids: Collection[int], first: date, last: date | None) -> Select[Any]:
    """Select all of them in one statement, those of periods in their order."""
    week, period, single = (each.__table__.c for each in (WorkingHours, SpecialistPeriod, ScheduleException))
    no_number, no_day, no_validity = cast(null(), SmallInteger), cast(null(), Date), cast(null(), JSONB)
    until = () if last is None else (single.day <= last,)
    parts = [
        select(each.specialist_id, *chosen, each.minutes).where(
            each.business_id == scope(session), each.specialist_id.in_(ids), *dated
        )
        for each, chosen, dated in (
            (week, (week.weekday.label("number"), no_day.label("day"), no_validity.label("validity")), ()),
            (period, (period.place, no_day, period.validity), ()),
            (single, (no_number, single.day, no_validity), (single.day >= first, *until)),
        )
    ]
    found = union_all(*parts).subquery()
    return select(found).order_by(found.c.specialist_id, found.c.number)


def _windows(minutes: Iterable[Range[int]]) -> tuple[Window, ...]:
    return tuple((span.lower or 0, span.upper or 0) for span in minutes)
