"""Opening hours: weekly windows, and the dates that differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from worker.scheduling.wallclock import MIDNIGHT, instant

type Window = tuple[int, int]
"""Opening and closing minute of one day, `0 <= opening < closing <= 1440`."""

type Interval = tuple[int, int]
"""A stretch of time in Unix seconds, the end not included."""

WHOLE_DAY: Window = (0, MIDNIGHT)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Wall-clock opening hours by weekday (Monday is 0), replaced on single dates by exceptions.

    An exception without windows closes the date. Windows that touch or overlap become one. Raises
    ValueError for a window outside the day or without length.
    """

    weekly: Mapping[int, tuple[Window, ...]]
    exceptions: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekly", {day: _joined(windows) for day, windows in self.weekly.items()})
        exceptions = {day: _joined(windows) for day, windows in self.exceptions.items()}
        object.__setattr__(self, "exceptions", exceptions)

    def windows(self, day: date) -> tuple[Window, ...]:
        """Return the date's windows in order, none touching another."""
        exception = self.exceptions.get(day)
        return self.weekly.get(day.weekday(), ()) if exception is None else exception


class Shift(NamedTuple):
    """One window of a date, resolved to instants.

    A visit may start from `opens` to before `closes`, on the grid counted from `anchor`, and has to end by
    `until`: later than `closes` where the next window, or the next day's, follows without a gap.
    """

    anchor: int
    opens: int
    closes: int
    until: int


def shifts(hours: WeeklyHours, day: date, zone: ZoneInfo, visit: int) -> list[Shift]:
    """Return the date's shifts in order; `until` looks ahead no further than a visit of that length needs.

    A window swallowed by a clock change is left out.
    """
    return [
        Shift(_anchor(hours, day, zone, window), opens, closes, _until(hours, day, zone, closes, visit))
        for window in hours.windows(day)
        if (opens := instant(day, window[0], zone)) < (closes := instant(day, window[1], zone))
    ]


def open_intervals(hours: WeeklyHours, first: date, last: date, zone: ZoneInfo) -> list[Interval]:
    """Return when it is open from the first to the last date, what touches merged, also across midnight."""
    merged: list[Interval] = []
    for number in range(first.toordinal(), last.toordinal() + 1):
        for opens, closes in _spans(hours, date.fromordinal(number), zone):
            begins = merged.pop()[0] if merged and merged[-1][1] == opens else opens
            merged.append((begins, closes))
    return merged


def _spans(hours: WeeklyHours, day: date, zone: ZoneInfo) -> list[Interval]:
    spans = [(instant(day, opens, zone), instant(day, closes, zone)) for opens, closes in hours.windows(day)]
    return [(opens, closes) for opens, closes in spans if opens < closes]


def _anchor(hours: WeeklyHours, day: date, zone: ZoneInfo, window: Window) -> int:
    """Return where the window's grid begins: its opening, or last evening's where it carries that on.

    A day open round the clock counts from its own midnight, so no grid depends on more than the day before.
    """
    if window[0] == 0 and window != WHOLE_DAY:
        evening = hours.windows(day - ONE_DAY)
        if evening and evening[-1][1] == MIDNIGHT:
            return instant(day - ONE_DAY, evening[-1][0], zone)
    return instant(day, window[0], zone)


def _until(hours: WeeklyHours, day: date, zone: ZoneInfo, closes: int, visit: int) -> int:
    """Return when an opening that reaches `closes` ends, or an instant late enough for the visit."""
    until = _carried(closes, hours, day, zone)
    while until < closes + visit and until == instant(day, MIDNIGHT, zone):
        day += ONE_DAY
        until = _carried(until, hours, day, zone)
    return until


def _carried(until: int, hours: WeeklyHours, day: date, zone: ZoneInfo) -> int:
    for opens, closes in _spans(hours, day, zone):
        if opens == until:
            until = closes
    return until


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
