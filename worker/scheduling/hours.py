"""Opening hours: weekly windows, the periods in which others hold, and the dates that differ."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from worker.scheduling.validity import Validity
from worker.scheduling.wallclock import MIDNIGHT, instant, instants

type Window = tuple[int, int]
"""Opening and closing minute of one day, `0 <= opening < closing <= 1440`."""

type Interval = tuple[int, int]
"""A stretch of time in Unix seconds, the end not included."""

WHOLE_DAY: Window = (0, MIDNIGHT)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Hours by weekday that hold on some dates in place of the week's; a weekday not named is closed."""

    validity: Validity
    weekly: Mapping[int, tuple[Window, ...]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekly", {day: _joined(windows) for day, windows in self.weekly.items()})


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """A date has the hours of its exception, else of the first period that names it, else of its weekday.

    They are by the wall clock; Monday is 0. An exception without windows closes the date. Windows that touch
    or overlap become one. Raises ValueError for a window outside the day or without length.
    """

    weekly: Mapping[int, tuple[Window, ...]]
    exceptions: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()
    """The first of them that names a date goes before the others."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekly", {day: _joined(windows) for day, windows in self.weekly.items()})
        exceptions = {day: _joined(windows) for day, windows in self.exceptions.items()}
        object.__setattr__(self, "exceptions", exceptions)

    def windows(self, day: date) -> tuple[Window, ...]:
        """Return the date's windows in order, none touching another."""
        exception = self.exceptions.get(day)
        return self.usual(day) if exception is None else exception

    def usual(self, day: date) -> tuple[Window, ...]:
        """Return what the date's windows are without an exception."""
        period = self.period_on(day) if self.periods else None
        return (self.weekly if period is None else period.weekly).get(day.weekday(), ())

    def period_on(self, day: date) -> Period | None:
        """Return the period whose hours the date has but for an exception; None where it has the week's."""
        return next((each for each in self.periods if each.validity.names(day)), None)

    def only_on(self, weekdays: Collection[int]) -> "WeeklyHours":
        """Return the hours of these weekdays and their dates alone; all else is closed."""
        return WeeklyHours(
            _only(self.weekly, weekdays),
            {day: windows for day, windows in self.exceptions.items() if day.weekday() in weekdays},
            tuple(Period(each.validity, _only(each.weekly, weekdays)) for each in self.periods),
        )


class Stretch(NamedTuple):
    """A part of one date whose starts are counted from one anchor, in Unix seconds: `end` is not included.

    It is open from `begin` to `closes`, and closed from there to `end`; all of it is closed where `closes`
    is `begin`. A visit that begins in it has to end by `until`: later than `closes` where the next window, or
    the next day's, follows without a gap.
    """

    day: date
    anchor: int
    begin: int
    closes: int
    until: int
    end: int


def stretches(hours: WeeklyHours, day: date, zone: ZoneInfo, visit: int) -> list[Stretch]:
    """Share out a date from midnight to midnight: what is closed first, then its openings.

    The grid of the first opening also runs back to midnight; a day without any counts from midnight.
    """
    begin, end = instants(day, WHOLE_DAY, zone)
    found = openings(hours, day, zone, visit)
    anchor, until = (found[0].anchor, found[0].begin) if found else (begin, end)
    return found if begin == until else [Stretch(day, anchor, begin, begin, begin, until), *found]


def openings(hours: WeeklyHours, day: date, zone: ZoneInfo, visit: int) -> list[Stretch]:
    """Return each window of a date with what follows it until the next one, or until midnight.

    `until` looks ahead no further than a visit of that length needs. A window that a clock change swallows is
    left out.
    """
    windows = hours.windows(day)
    if not windows:
        return []
    *edges, midnight = instants(day, (*chain.from_iterable(windows), MIDNIGHT), zone)
    found: list[Stretch] = []
    following = until = midnight
    for window, opens, closes in zip(reversed(windows), edges[-2::-2], edges[::-2], strict=True):
        if opens < closes:
            if closes < following:
                until = closes
            elif following == midnight:
                until = _until(hours, day, zone, midnight, visit)
            anchor = _anchor(hours, day, zone, opens) if window[0] == 0 and window != WHOLE_DAY else opens
            found.append(Stretch(day, anchor, opens, closes, until, following))
            following = opens
    found.reverse()
    return found


def open_intervals(hours: WeeklyHours, first: date, last: date, zone: ZoneInfo) -> list[Interval]:
    """Return when it is open from the first to the last date, what touches merged, also across midnight."""
    merged: list[Interval] = []
    for number in range(first.toordinal(), last.toordinal() + 1):
        for opens, closes in _spans(hours, date.fromordinal(number), zone):
            begins = merged.pop()[0] if merged and merged[-1][1] == opens else opens
            merged.append((begins, closes))
    return merged


def is_open(intervals: Sequence[Interval], begins: datetime, ends: datetime) -> bool:
    """Tell whether one of the intervals, which are in order, holds all of a stretch of time."""
    begin, end = begins.timestamp(), ends.timestamp()
    place = bisect_right(intervals, begin, key=lambda interval: interval[0]) - 1
    return place >= 0 and end <= intervals[place][1]


def _spans(hours: WeeklyHours, day: date, zone: ZoneInfo) -> list[Interval]:
    spans = [(instant(day, opens, zone), instant(day, closes, zone)) for opens, closes in hours.windows(day)]
    return [(opens, closes) for opens, closes in spans if opens < closes]


def _anchor(hours: WeeklyHours, day: date, zone: ZoneInfo, opens: int) -> int:
    """Return where the grid of a window from midnight begins: last evening's where it carries that on.

    A day open round the clock counts from its own midnight, so no grid depends on more than the day before.
    """
    evening = hours.windows(day - ONE_DAY)
    if evening and evening[-1][1] == MIDNIGHT:
        return instant(day - ONE_DAY, evening[-1][0], zone)
    return opens


def _until(hours: WeeklyHours, day: date, zone: ZoneInfo, midnight: int, visit: int) -> int:
    """Return when an opening that reaches the date's last midnight ends, or late enough for the visit."""
    until = midnight
    while until < midnight + visit and until == instant(day, MIDNIGHT, zone):
        day += ONE_DAY
        for opens, closes in _spans(hours, day, zone):
            if opens == until:
                until = closes
    return until


def _only(
    weekly: Mapping[int, tuple[Window, ...]], weekdays: Collection[int]
) -> Mapping[int, tuple[Window, ...]]:
    return {day: windows for day, windows in weekly.items() if day in weekdays}


def _joined(windows: Iterable[Window]) -> tuple[Window, ...]:
    joined: list[Window] = []
    for opens, closes in sorted(windows):
        if not 0 <= opens < closes <= MIDNIGHT:
            raise ValueError(f"a window runs from {opens} to {closes} minutes, outside its day or backwards")
        if joined and opens <= joined[-1][1]:
            start, end = joined.pop()
            joined.append((start, max(end, closes)))
        else:
            joined.append((opens, closes))
    return tuple(joined)
