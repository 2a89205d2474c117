"""The dates on which a visit repeats, what is free of them, and what is booked of those that are chosen."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from zlib import crc32
from zoneinfo import ZoneInfo

from shared.contracts.series import ShowSeries
from worker.scheduling.wallclock import day_of, instant, local
from worker.visits.repository import Visit

WEEKS: Final = (1, 2, 3, 4, 5, 6, 8)
"""Every how many weeks a visit can be repeated."""
LENGTHS: Final = (1, 2, 3, 4, 5, 6, 7, 9, 11, 12)
"""How many visits may follow it."""
_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class RepeatDate:
    """One date of a series: when the visit would begin there (Unix seconds) by the clock of the first."""

    day: date
    start: int
    is_on_clock: bool = True
    """Whether the clock shows that time on that day: not where it is put forward over it."""


class DateState(StrEnum):
    """How a date stands."""

    FREE = "free"
    TAKEN = "taken"
    OWN = "own"
    """The customer has another visit then."""
    BEYOND = "beyond"
    """It is too far ahead to be booked."""
    LIMIT = "limit"
    """It could be had, but the customer would have too many visits ahead."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the calendars say of a date."""

    state: DateState
    nearest: int | None = None
    """The nearest free time of its week, where its own is not free."""


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """A line of the table."""

    date: RepeatDate
    state: DateState
    nearest: int | None
    chosen: int | None
    """When the visit is booked (Unix seconds); None where none is."""
    is_off: bool = False
    """Whether its person switched it off, though it can be had."""


def repeat_dates(first: int, weeks: int, count: int, zone: ZoneInfo) -> list[RepeatDate]:
    """Return the dates behind a visit at the same time of the wall clock, whatever clocks are put to."""
    day, clock = day_of(first, zone), local(first, zone)
    minute = clock.hour * _HOUR + clock.minute
    days = [day + timedelta(weeks=weeks * step) for step in range(1, count + 1)]
    return [_date(each, minute, zone) for each in days]


def lengths_until(last: int, dates: Sequence[RepeatDate]) -> list[int]:
    """Return how many visits may follow, the last of them no later than `last` (Unix seconds)."""
    return [length for length in LENGTHS if dates[length - 1].start <= last]


def _date(day: date, minute: int, zone: ZoneInfo) -> RepeatDate:
    start = instant(day, minute, zone)
    shown = local(start, zone)
    return RepeatDate(day, start, (shown.date(), shown.hour * _HOUR + shown.minute) == (day, minute))


def nearest_to(wanted: int, starts: Iterable[int]) -> int | None:
    """Return the start that is nearest to the one that was wanted, the earlier of two; None of none."""
    return min(starts, key=lambda start: (abs(start - wanted), start), default=None)


def series_table(
    dates: Sequence[RepeatDate],
    find: Callable[[RepeatDate], Found],
    asked: ShowSeries,
    room: int | None,
) -> list[SeriesDate]:
    """Work out each line: what is free is booked unless it is off, what is not only where it is wanted.

    `room` is how many more visits the customer may have ahead; None is any number.
    """
    table: list[SeriesDate] = []
    for place, each in enumerate(dates):
        line = _line(each, find(each), off=has(asked.off, place), instead=has(asked.instead, place))
        left = None if room is None else room - len(list(chosen(table)))
        if left == 0 and line.state is not DateState.BEYOND and (line.chosen or line.is_off):
            line = SeriesDate(each, DateState.LIMIT, None, None)
        table.append(line)
    return table


def _line(date: RepeatDate, found: Found, *, off: bool, instead: bool) -> SeriesDate:
    if found.state is DateState.FREE:
        return SeriesDate(date, found.state, None, None if off else date.start, is_off=off)
    return SeriesDate(date, found.state, found.nearest, found.nearest if instead else None)


def chosen(table: Iterable[SeriesDate]) -> Iterator[int]:
    """Yield the starts that are booked, in the order of their dates."""
    return (line.chosen for line in table if line.chosen is not None)


def switched(asked: ShowSeries, place: int, line: SeriesDate) -> ShowSeries | None:
    """Return what a tap on a line asks for; None where it can change nothing."""
    if line.state is DateState.FREE:
        return asked.model_copy(update={"off": asked.off ^ 1 << place})
    if line.nearest is not None:
        return asked.model_copy(update={"instead": asked.instead ^ 1 << place})
    return None


def has(bits: int, place: int) -> bool:
    """Tell whether the bit of a date is set."""
    return bool(bits >> place & 1)


def said_bits(table: Sequence[SeriesDate]) -> int:
    """Return the dates that are booked, each as a bit."""
    return sum(1 << place for place, line in enumerate(table) if line.chosen is not None)


def mark_of_visits(visits: Iterable[Visit]) -> int:
    """Put which visits there are, as they are, into a few digits."""
    return crc32(" ".join(f"{visit.id}.{visit.version}" for visit in visits).encode())


def mark_of(table: Sequence[SeriesDate]) -> int:
    """Put the times that are booked into a few digits."""
    return crc32(" ".join(map(str, chosen(table))).encode())
