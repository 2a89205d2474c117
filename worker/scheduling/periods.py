"""Periods as the database keeps them: how they are read with what they belong to, and made of what was read.

A period's week is one multirange of minutes: from Monday's midnight on, 1440 a day.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from worker.scheduling.hours import WHOLE_DAY, Period, WeeklyHours, Window
from worker.scheduling.validity import Validity
from worker.scheduling.wallclock import MIDNIGHT

EVERY_DAY: Final = range(7)
_READ: Final = """(
    SELECT CAST(jsonb_agg(jsonb_build_array(
        validity,
        (SELECT jsonb_agg(jsonb_build_array(lower(span), upper(span))) FROM unnest(minutes) AS span)
    ) ORDER BY place) AS text)
    FROM {of}_period WHERE {of}_period.business_id = :business AND {of}_period.{of}_id = {of}.id
)"""

type Week = Mapping[int, tuple[Window, ...]]
"""Windows by weekday, Monday is 0."""


def read_of(table: str) -> str:
    """Return the SQL that reads the periods of a row of a table: JSON, or NULL where it has none."""
    return _READ.format(of=table)


def periods(data: str | None) -> tuple[Period, ...]:
    """Make periods of what was read, in their order."""
    return tuple(map(_period, json.loads(data))) if data else ()


def bounds_of(weekly: Week, of_periods: Iterable[Period]) -> WeeklyHours:
    """Return hours that only bound others: without a usual week they bound nothing but in a period."""
    return WeeklyHours(weekly or dict.fromkeys(EVERY_DAY, (WHOLE_DAY,)), {}, tuple(of_periods))


def week_of_minutes(spans: Iterable[Window]) -> dict[int, tuple[Window, ...]]:
    """Take minutes of a week apart by weekday."""
    found: defaultdict[int, list[Window]] = defaultdict(list)
    for begin, end in sorted(spans):
        for day in range(begin // MIDNIGHT, (end - 1) // MIDNIGHT + 1):
            midnight = day * MIDNIGHT
            found[day].append((max(begin - midnight, 0), min(end - midnight, MIDNIGHT)))
    return {day: tuple(windows) for day, windows in found.items()}


def minutes_of_week(weekly: Week) -> list[Window]:
    """Return a week's windows as minutes of it, in order and none touching another."""
    found: list[Window] = []
    for day in sorted(weekly):
        for opens, closes in weekly[day]:
            begin, end = day * MIDNIGHT + opens, day * MIDNIGHT + closes
            found.append((found.pop()[0] if found and found[-1][1] == begin else begin, end))
    return found


def _period(row: Any) -> Period:  # noqa: ANN401 - JSON
    validity, spans = row
    return Period(Validity.from_json(validity), week_of_minutes((begin, end) for begin, end in spans or ()))
