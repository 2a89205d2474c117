"""What a service needs beside its specialist, as it is read from PostgreSQL with the calendars."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any, Final

from worker.db.models.booking import IS_LIVE
from worker.scheduling import periods
from worker.scheduling.bounds import Bounds
from worker.scheduling.hours import Window
from worker.scheduling.resources import NUMBERS_EACH, NeededResource, Use
from worker.scheduling.tuples import tuples

TAKES_TIME: Final = """booking.id IS DISTINCT FROM CAST(:ignoring AS bigint)
      AND (booking.part_of = CAST(:ignoring AS bigint)) IS NOT TRUE
      AND (booking.status <> 'held' OR booking.kept_until > :now AND NOT (
          booking.customer_id IS NOT DISTINCT FROM CAST(:customer_id AS bigint)
          AND booking.kept_for NOT IN ('payment', 'gathering')
      ))"""
"""What of a live booking takes time, for whoever asks: see `Asker`."""
_NEEDED: Final = """
    service_resource JOIN resource ON resource.business_id = service_resource.business_id
        AND resource.id = service_resource.resource_id AND resource.active
    WHERE service_resource.business_id = :business AND service_resource.service_id = :service_id
"""
_NEEDS: Final = """(
    SELECT CAST(jsonb_agg(
        jsonb_build_array(
            resource.id, resource.name, resource.count,
            (SELECT location_id FROM resource_location
             WHERE resource_location.business_id = :business AND resource_id = resource.id),
            (SELECT jsonb_agg(jsonb_build_array(weekday, lower(span), upper(span)))
             FROM resource_hours CROSS JOIN LATERAL unnest(minutes) AS span
             WHERE resource_hours.business_id = :business AND resource_id = resource.id),
            {periods}
        ) ORDER BY resource.position, resource.id
    ) AS text)
    FROM {needed}
)"""
_OFFERED: Final = """(
    SELECT array_agg(ARRAY[weekday, lower(span), upper(span)])
    FROM service_hours CROSS JOIN LATERAL unnest(minutes) AS span
    WHERE service_hours.business_id = :business AND service_hours.service_id = :service_id
)"""
# The uses are the same for all specialists, so they come with the first of them alone: the columns of `Use`
# one behind the other, as a flat array is read several times as fast as one of arrays.
_USES: Final = """CASE WHEN row_number() OVER (ORDER BY specialist.position, specialist.id) = 1 THEN (
    SELECT array_agg(lower(unit)) || array_agg(busy_start) || array_agg(busy_end)
        || array_agg(specialist_id) || array_agg(visit_start)
    FROM (SELECT
        unnest(booking.units) AS unit,
        CAST(floor(date_part('epoch', lower(booking.busy))) AS bigint) AS busy_start,
        CAST(ceil(date_part('epoch', upper(booking.busy))) AS bigint) AS busy_end,
        booking.specialist_id,
        CAST(floor(date_part('epoch', lower(booking.during))) AS bigint) AS visit_start
    FROM booking
    WHERE booking.business_id = :business AND {is_live} AND NOT isempty(booking.units)
      AND booking.units && (
          SELECT range_agg(int8range(resource.id * {each}, (resource.id + 1) * {each}))
          FROM {needed}
      )
      AND booking.busy && tstzrange(
          CAST(CAST(:first AS date) - 1 AS timestamp) AT TIME ZONE 'UTC'
              - service.buffer_before * interval '1 minute',
          CAST(CAST(:last AS date) + 3 AS timestamp) AT TIME ZONE 'UTC' + interval '1 minute' * (
              service.buffer_after + (
                  SELECT greatest(service.duration, max(doing.duration)) FROM specialist_service AS doing
                  WHERE doing.business_id = :business AND doing.service_id = service.id
              )
          )
      )
      AND {takes_time}
    ) AS used
) END"""
SELECTED: Final = {
    "offered": _OFFERED,
    "offered_in_periods": periods.read_of("service"),
    "needs": _NEEDS.format(needed=_NEEDED, periods=periods.read_of("resource")),
    "uses": _USES.format(needed=_NEEDED, each=NUMBERS_EACH, is_live=IS_LIVE, takes_time=TAKES_TIME),
}
"""Columns beside those of the calendars, and where they are read: one of them in the first row alone."""

type Spans = Sequence[tuple[int, int, int]]
"""A weekday with a window of it, several times."""


def bounds(spans: Spans | None, in_periods: str | None) -> Bounds | None:
    """Make hours of their rows; None where there are none, so that nothing is asked of a time."""
    weekly: defaultdict[int, list[Window]] = defaultdict(list)
    for weekday, opens, closes in spans or ():
        weekly[weekday].append((opens, closes))
    if not weekly and not in_periods:
        return None
    week = {day: tuple(windows) for day, windows in weekly.items()}
    return Bounds(periods.bounds_of(week, periods.periods(in_periods)))


def resources(needs: str | None, uses: Sequence[int] | None) -> list[NeededResource]:
    """Make resources of what was read, each with its uses."""
    by_resource: Mapping[int, list[Use]] = _by_resource(uses or ())
    rows: list[list[Any]] = json.loads(needs or "[]")
    return [
        NeededResource(number, name, count, place, bounds(hours, others), by_resource.get(number, ()))
        for number, name, count, place, hours, others in rows
    ]


def _by_resource(uses: Sequence[int]) -> dict[int, list[Use]]:
    found: defaultdict[int, list[Use]] = defaultdict(list)
    length = len(uses) // len(Use._fields)
    for use in tuples(Use, batched(uses, length)) if uses else ():
        found[use.unit // NUMBERS_EACH].append(use)
    return found
