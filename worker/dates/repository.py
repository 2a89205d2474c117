"""When specialists work: the week's hours, those of periods, and those of single dates."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from sqlalchemy import ARRAY, BigInteger, Date, bindparam, column, text
from sqlalchemy.dialects.postgresql import JSONB, Range
from sqlalchemy.ext.asyncio import AsyncSession

from worker.db.engine import fetch
from worker.db.scope import BUSINESS_ID
from worker.scheduling.hours import Period, WeeklyHours, Window
from worker.scheduling.periods import week_of_minutes
from worker.scheduling.validity import Validity

_HOURS: Final = (
    text("""
    SELECT specialist_id, weekday AS number, CAST(NULL AS date) AS day, CAST(NULL AS jsonb) AS validity,
        minutes
    FROM working_hours WHERE business_id = :business AND specialist_id = ANY(:ids)
    UNION ALL
    SELECT specialist_id, place, NULL, validity, minutes
    FROM specialist_period WHERE business_id = :business AND specialist_id = ANY(:ids)
    UNION ALL
    SELECT specialist_id, NULL, day, NULL, minutes
    FROM schedule_exception WHERE business_id = :business AND specialist_id = ANY(:ids)
        AND day >= :first AND (CAST(:last AS date) IS NULL OR day <= :last)
    ORDER BY specialist_id, number
    """)
    .bindparams(
        BUSINESS_ID,
        bindparam("ids", type_=ARRAY(BigInteger)),
        bindparam("first", type_=Date),
        bindparam("last", type_=Date),
    )
    .columns(
        column("specialist_id"), column("number"), column("day"), column("validity", JSONB), column("minutes")
    )
)
"""One statement whoever is asked about. Minutes come as the driver reads them: each person has seven rows."""


async def load_hours(
    session: AsyncSession, ids: Collection[int], first: date, last: date | None = None
) -> dict[int, WeeklyHours]:
    """Load when specialists work, with the exceptions from a date on, or to another.

    Whoever never does is left out.
    """
    weekly: defaultdict[int, dict[int, tuple[Window, ...]]] = defaultdict(dict)
    periods: defaultdict[int, list[Period]] = defaultdict(list)
    single: defaultdict[int, dict[date, tuple[Window, ...]]] = defaultdict(dict)
    rows = await fetch(session, _HOURS, {"ids": list(ids), "first": first, "last": last})
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


def _windows(minutes: Iterable[Range[int]]) -> tuple[Window, ...]:
    return tuple((span.lower or 0, span.upper or 0) for span in minutes)
