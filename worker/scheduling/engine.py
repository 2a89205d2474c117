"""Which starts can be booked, and why the others cannot.

Opening hours bound the visit. Its buffers are the specialist's own time and may reach beyond the hours:
cleaning up after the last visit of the day does not cost that visit. Each date's starts depend on its own
hours and those next to it alone, so a month is the sum of its days and one start can be checked by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from worker.scheduling.agenda import Calendar, clash, gaps
from worker.scheduling.hours import Interval, Shift, shifts
from worker.scheduling.rule import Reason, ServiceRule
from worker.scheduling.wallclock import MIDNIGHT, day_of, instant


class Refusal(NamedTuple):
    """A start (Unix seconds) that cannot be booked, and the rule that says so."""

    start: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class SlotSearch:
    """A specialist's bookable starts in order (Unix seconds); `refused` is filled when asked to explain."""

    specialist: int
    slots: Sequence[int]
    refused: Sequence[Refusal] = ()


class Offer(NamedTuple):
    """A start and everyone who can take it, in the order they were given."""

    start: int
    specialists: tuple[int, ...]


def find_slots(
    rule: ServiceRule,
    calendar: Calendar,
    first_date: date,
    last_date: date,
    zone: ZoneInfo,
    now: int,
    *,
    explain: bool = False,
) -> SlotSearch:
    """Find the bookable starts on the dates from first to last, both included.

    To explain costs a look at every step of every day, open or not; without it only free stretches are met.
    """
    if explain:
        return _explained(rule, calendar, _dates(first_date, last_date), zone, now)
    slots: list[int] = []
    for day in _dates(first_date, last_date):
        for run in _runs(rule, calendar, day, zone, now):
            slots.extend(run)
    return SlotSearch(calendar.specialist, slots)


def days_with_slots(
    rule: ServiceRule,
    calendars: Sequence[Calendar],
    first_date: date,
    last_date: date,
    zone: ZoneInfo,
    now: int,
) -> set[date]:
    """Return the dates on which any of the specialists has a slot; a date is left at the first one found."""
    return {
        day
        for day in _dates(first_date, last_date)
        if any(True for calendar in calendars for _ in _runs(rule, calendar, day, zone, now))
    }


def merge(searches: Iterable[SlotSearch]) -> list[Offer]:
    """Join several specialists' slots for whoever takes anyone, ordered by start."""
    takers: dict[int, list[int]] = {}
    for search in searches:
        for start in search.slots:
            takers.setdefault(start, []).append(search.specialist)
    return [Offer(start, tuple(takers[start])) for start in sorted(takers)]


def check(rule: ServiceRule, calendar: Calendar, start: int, zone: ZoneInfo, now: int) -> Reason | None:
    """Return why this very start cannot be booked, or None if `find_slots` would list it."""
    found = shifts(calendar.hours, day_of(start, zone), zone, rule.duration)
    shift = next((shift for shift in found if shift.opens <= start < shift.closes), None)
    return _refusal(rule, calendar, shift, start, now)


def _runs(rule: ServiceRule, calendar: Calendar, day: date, zone: ZoneInfo, now: int) -> Iterator[range]:
    """Yield a date's bookable starts as runs of even steps, none empty."""
    earliest, latest = now + rule.min_notice, now + rule.horizon
    if instant(day, MIDNIGHT, zone) <= earliest or latest < instant(day, 0, zone):
        return
    for shift in shifts(calendar.hours, day, zone, rule.duration):
        low = max(shift.opens, earliest)
        high = min(shift.closes - 1, shift.until - rule.duration, latest)
        for begin, end in gaps(rule, calendar, low, high) if low <= high else ():
            run = _steps(shift.anchor, begin, end + 1, rule.step)
            if run:
                yield run


def _explained(
    rule: ServiceRule, calendar: Calendar, dates: Iterable[date], zone: ZoneInfo, now: int
) -> SlotSearch:
    slots: list[int] = []
    refused: list[Refusal] = []
    for day in dates:
        found = shifts(calendar.hours, day, zone, rule.duration)
        span = (instant(day, 0, zone), instant(day, MIDNIGHT, zone))
        for start, shift in _candidates(found, span, rule.step):
            reason = _refusal(rule, calendar, shift, start, now)
            if reason is None:
                slots.append(start)
            else:
                refused.append(Refusal(start, reason))
    return SlotSearch(calendar.specialist, slots, refused)


def _candidates(found: Sequence[Shift], span: Interval, step: int) -> Iterator[tuple[int, Shift | None]]:
    """Yield every step of a day, with its shift where open.

    A shift's grid runs on past closing until the next opens; the first one's also runs back to midnight,
    and a day without any counts from midnight.
    """
    begin, end = span
    ahead = [*found, Shift(begin, end, end, end)]
    for start in _steps(ahead[0].anchor, begin, ahead[0].opens, step):
        yield start, None
    for shift, following in pairwise(ahead):
        for start in _steps(shift.anchor, shift.opens, following.opens, step):
            yield start, shift if start < shift.closes else None


def _refusal(
    rule: ServiceRule, calendar: Calendar, shift: Shift | None, start: int, now: int
) -> Reason | None:
    """Apply the rules in the order that `Reason` lists them."""
    if shift is None or start + rule.duration > shift.until:
        return Reason.CLOSED
    if (start - shift.anchor) % rule.step:
        return Reason.GRID
    if start < now + rule.min_notice:
        return Reason.NOTICE
    if start > now + rule.horizon:
        return Reason.HORIZON
    free = any(True for _ in gaps(rule, calendar, start, start))
    return None if free else clash(rule, calendar, start)


def _steps(anchor: int, begin: int, end: int, step: int) -> range:
    """Return the points of the anchor's grid from `begin` to before `end`."""
    return range(begin + (anchor - begin) % step, end, step)


def _dates(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
