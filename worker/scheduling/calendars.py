"""What is taken of one specialist's time."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, chain
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from worker.scheduling.hours import WeeklyHours
from worker.scheduling.wallclock import MIDNIGHT, instant
from worker.scheduling.workplaces import Workplaces

_BEGINNING, _END = itemgetter(0), itemgetter(1)


class Busy(NamedTuple):
    """Time a specialist has given away (Unix seconds): a visit within its own buffers.

    `service` lets bookings of a group service share one start; None for time that nobody can join. Of a
    group the visit takes `seats` seats, from number `seat` on.
    A named tuple, because thousands are made from rows for one answer.
    """

    busy_start: int
    busy_end: int
    visit_start: int
    visit_end: int
    service: int | None = None
    seats: int = 1
    seat: int = 1


@dataclass(frozen=True, slots=True)
class Calendar:
    """One specialist's hours and what is taken of them; `busy` may come in any order and may overlap."""

    specialist: int
    hours: WeeklyHours
    busy: Sequence[Busy]
    workplaces: Workplaces = field(default_factory=Workplaces)
    over: Sequence[int] = ()
    """When visits began that are over: they take no time any more, but they were."""
    _begins: list[int] = field(init=False, repr=False, compare=False)
    _reached: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        busy = sorted(self.busy, key=_BEGINNING)
        object.__setattr__(self, "busy", busy)
        object.__setattr__(self, "_begins", list(map(_BEGINNING, busy)))
        object.__setattr__(self, "_reached", list(accumulate(map(_END, busy), max)))

    def between(self, start: int, end: int) -> Sequence[Busy]:
        """Return by beginning whatever overlaps the stretch; what ended before it may be among them."""
        return self.busy[bisect_right(self._reached, start) : bisect_left(self._begins, end)]

    def visits_on(self, day: date, zone: ZoneInfo) -> list[Busy]:
        """Return the visits that begin on a date: each booking of a group is one."""
        begin, end = instant(day, 0, zone), instant(day, MIDNIGHT, zone)
        return [taken for taken in self.between(begin, end) if begin <= taken.visit_start < end]

    def counted_on(self, day: date, zone: ZoneInfo) -> list[Busy]:
        """Return the visits that begin on a date, behind those that are over: of these, the start alone."""
        begin, end = instant(day, 0, zone), instant(day, MIDNIGHT, zone)
        over = [Busy(start, start, start, start) for start in sorted(self.over) if begin <= start < end]
        return [*over, *self.visits_on(day, zone)]

    def begun(self, first: date, last: date, zone: ZoneInfo) -> set[int]:
        """Return when visits begin from the first to the last date: seats of one group's session are one."""
        begin, end = instant(first, 0, zone), instant(last, MIDNIGHT, zone)
        starts = (taken.visit_start for taken in self.between(begin, end))
        return {start for start in chain(starts, self.over) if begin <= start < end}
