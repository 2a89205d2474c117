"""A specialist's calendar of the row that was read of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Final

from worker.db.engine import AnyRow
from worker.scheduling.calendars import Busy, Calendar
from worker.scheduling.hours import WeeklyHours, Window
from worker.scheduling.periods import periods
from worker.scheduling.tuples import tuples
from worker.scheduling.workplaces import Workplaces

BUSY: Final = {
    "busy_start": "CAST(floor(date_part('epoch', lower(busy))) AS bigint)",
    "busy_end": "CAST(ceil(date_part('epoch', upper(busy))) AS bigint)",
    "visit_start": "CAST(floor(date_part('epoch', lower(during))) AS bigint)",
    "visit_end": "CAST(ceil(date_part('epoch', upper(during))) AS bigint)",
    "service": "CASE WHEN NOT upper_inf(seats) THEN booking.service_id END",
    "seats": "coalesce(upper(seats) - lower(seats), 1)",
    "seat": "lower(seats)",
}
"""Each field of `Busy`, and how it is read from a booking."""
_TAKEN: Final = attrgetter(*(f"taken_{name}" for name in Busy._fields))
_READ: Final = attrgetter(
    *(f"taken_{name}" for name in Busy._fields),
    *("weekly", "single", "periods", "places", "first_place", "over"),
)
"""All of a row of which a calendar is made."""


def is_at(row: AnyRow, location_id: int | None) -> bool:
    """Tell whether a specialist is ever at a place; None is any."""
    return location_id is None or location_id in workplaces_of(row).all


def workplaces_of(row: AnyRow) -> Workplaces:
    """Return where a specialist works."""
    by_weekday: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    for weekday, place in row.places or ():
        by_weekday[weekday] += (place,)
    own = next((place for _, place in row.places or ()), None)
    return Workplaces(dict(by_weekday), row.first_place if own is None else own)


class Calendars:
    """The calendars that were made of rows, so that two of the same become one: they are what takes long."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[object, Calendar]] = {}

    def of(self, row: AnyRow, location_id: int | None) -> Calendar:
        """Return a specialist's calendar, of a place alone where one is named: the same for all rows."""
        read = (location_id, *_READ(row))
        before, calendar = self._made.get(row.specialist_id, (None, None))
        if calendar is None or before != read:
            calendar = _calendar_of(row, location_id)
            self._made[row.specialist_id] = read, calendar
        return calendar


def _calendar_of(row: AnyRow, location_id: int | None) -> Calendar:
    single = {date.fromordinal(day): windows for day, windows in _windows(row.single).items()}
    hours = WeeklyHours(_windows(row.weekly), single, periods(row.periods))
    places = workplaces_of(row)
    if location_id is not None:
        hours = hours.only_on(places.weekdays(location_id))
    return Calendar(row.specialist_id, hours, _busy(row), places, row.over or ())


def _busy(row: AnyRow) -> list[Busy]:
    if row.taken_busy_start is None:
        return []
    return list(tuples(Busy, _TAKEN(row)))


def _windows(spans: Sequence[tuple[int, int | None, int | None]] | None) -> dict[int, tuple[Window, ...]]:
    """Collect windows by day; a day whose only span is empty is there, without windows."""
    found: defaultdict[int, list[Window]] = defaultdict(list)
    for day, opens, closes in spans or ():
        windows = found[day]
        if opens is not None and closes is not None:
            windows.append((opens, closes))
    return {day: tuple(windows) for day, windows in found.items()}
