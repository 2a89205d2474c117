"""What is different on single dates, days in a row with the same as one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from worker.business.opening import Windows, join_windows
from worker.scheduling.hours import WeeklyHours, Window

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class HoursChange:
    """What closes and what opens on each of some days in a row."""

    first: date
    last: date
    closes: Windows
    opens: Windows


@dataclass(frozen=True, slots=True)
class DatedHours:
    """Some days in a row with the same hours, other than the weekday's."""

    first: date
    last: date
    windows: Windows


def differences(before: WeeklyHours, after: WeeklyHours, days: Iterable[date]) -> list[HoursChange]:
    """Say what closes and what opens, days in a row with the same as one; days that stay are left out."""
    found = []
    for day in sorted(days):
        old, new = before.windows(day), after.windows(day)
        if old != new:
            found.append((day, (without(old, new), without(new, old))))
    return [HoursChange(first, last, *what) for first, last, what in _runs(found)]


def coming(hours: WeeklyHours, today: date) -> list[DatedHours]:
    """Return the dates from today on whose hours are their own, days in a row with the same as one."""
    dated = [(day, windows) for day, windows in sorted(hours.exceptions.items()) if day >= today]
    return [DatedHours(*run) for run in _runs(dated)]


def without(windows: Sequence[Window], taken: Sequence[Window]) -> Windows:
    """Take times out of others."""
    left = list(windows)
    for begin, end in taken:
        parts = [
            part
            for opens, closes in left
            for part in ((opens, min(closes, begin)), (max(opens, end), closes))
        ]
        left = [(opens, closes) for opens, closes in parts if opens < closes]
    return join_windows(left)


def _runs[T](days: Iterable[tuple[date, T]]) -> Iterator[tuple[date, date, T]]:
    """Put days in a row with the same together."""
    numbered = [(day.toordinal() - place, day, what) for place, (day, what) in enumerate(days)]
    for _, group in groupby(numbered, key=lambda each: (each[0], each[2])):
        run = list(group)
        yield run[0][1], run[-1][1], run[0][2]
