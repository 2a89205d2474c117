"""One specialist's calendar: what is taken, and the gaps it leaves."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from worker.scheduling.hours import Interval, WeeklyHours
from worker.scheduling.rule import Reason, ServiceRule

_BEGINNING, _END = itemgetter(0), itemgetter(1)


class Busy(NamedTuple):
    """Time a specialist has given away (Unix seconds): a visit within its own buffers.

    `service` lets bookings of a group service share one start; None for time that nobody can join.
    A named tuple, because thousands are made from rows for one answer.
    """

    busy_start: int
    busy_end: int
    visit_start: int
    visit_end: int
    service: int | None = None
    seats: int = 1


@dataclass(frozen=True, slots=True)
class Calendar:
    """One specialist's hours and what is taken of them; `busy` may come in any order and may overlap."""

    specialist: int
    hours: WeeklyHours
    busy: Sequence[Busy]
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


def gaps(rule: ServiceRule, calendar: Calendar, low: int, high: int) -> Iterator[Interval]:
    """Yield the stretches of starts from `low` to `high`, both included, that collide with nothing taken."""
    free = low
    for after, before in _blocked(rule, calendar, low, high):
        if free <= min(after, high):
            yield free, min(after, high)
        free = max(free, before)
    if free <= high:
        yield free, high


def clash(rule: ServiceRule, calendar: Calendar, start: int) -> Reason:
    """Return what takes a start that no gap holds."""
    end = start + rule.duration
    near = calendar.between(start - rule.buffer_before, end + rule.buffer_after)
    others = (taken for taken in near if not _same_session(rule, taken, start))
    if any(taken.visit_start < end and start < taken.visit_end for taken in others):
        return Reason.BOOKED
    seats = sum(taken.seats for taken in near if _same_session(rule, taken, start))
    return Reason.FULL if seats >= rule.capacity else Reason.BUFFER


def _blocked(rule: ServiceRule, calendar: Calendar, low: int, high: int) -> list[Interval]:
    """Return the starts that collide, in order: each pair blocks what lies strictly between its ends.

    A visit collides when its busy range overlaps a taken one; touching is no overlap, hence the open ends.
    """
    lead, tail = rule.duration + rule.buffer_after, rule.buffer_before
    near = calendar.between(low - tail, high + lead)
    if rule.capacity > 1:
        return _around_sessions(rule, near)
    return [(taken[0] - lead, taken[1] + tail) for taken in near]


def _around_sessions(rule: ServiceRule, near: Sequence[Busy]) -> list[Interval]:
    """Block like `_blocked`, but leave the very start of a session that has a seat left."""
    lead, tail = rule.duration + rule.buffer_after, rule.buffer_before
    seats: Counter[int] = Counter()
    for taken in near:
        if taken.service == rule.service:
            seats[taken.visit_start] += taken.seats
    blocked: list[Interval] = []
    for taken in near:
        after, before, start = taken.busy_start - lead, taken.busy_end + tail, taken.visit_start
        joinable = taken.service == rule.service and seats[start] < rule.capacity
        blocked += [(after, start), (start, before)] if joinable else [(after, before)]
    return sorted(blocked)


def _same_session(rule: ServiceRule, taken: Busy, start: int) -> bool:
    return rule.capacity > 1 and taken.service == rule.service and taken.visit_start == start
