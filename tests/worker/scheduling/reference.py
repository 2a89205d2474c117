"""The slot rules once more, written the slow and obvious way, to hold the engine against.

It walks through time minute by minute with a clock that never goes back: what a zone sets back, waits until
the old reading is passed again. Everything else follows from which of its readings are open.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from worker.scheduling.calendars import Busy
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.rules import Reason, ServicePolicy, SlotQuery
from worker.scheduling.wallclock import day_of

MINUTE = timedelta(minutes=1)


class Tick(NamedTuple):
    """A minute of time: when it is, what the clock that never goes back reads, and the minute before."""

    at: int
    reading: datetime
    before: datetime


@lru_cache(maxsize=256)
def ticks(first: date, last: date, zone: ZoneInfo) -> list[Tick]:
    """List the minutes whose reading lies on the dates from first to last."""
    moment = datetime.combine(first, time(), UTC) - timedelta(hours=18)
    reading = moment.astimezone(zone).replace(tzinfo=None)
    found: list[Tick] = []
    while reading.date() <= last:
        moment += MINUTE
        before, reading = reading, max(reading, moment.astimezone(zone).replace(tzinfo=None, fold=0))
        if first <= reading.date() <= last:
            found.append(Tick(int(moment.timestamp()), reading, before))
    return found


class Windows(dict[date, Sequence[tuple[int, int]]]):
    """The windows of each date, worked out when it is first asked for and not for each of its minutes."""

    def __init__(self, hours: WeeklyHours) -> None:
        super().__init__()
        self._hours = hours

    def __missing__(self, day: date) -> Sequence[tuple[int, int]]:
        hours = self._hours
        weekly = [each.weekly for each in hours.periods if each.validity.names(day)] + [hours.weekly]
        found = hours.exceptions[day] if day in hours.exceptions else weekly[0].get(day.weekday(), ())
        self[day] = found
        return found


def is_open(windows: Windows, reading: datetime) -> bool:
    minute = reading.hour * 60 + reading.minute
    return any(opens <= minute < closes for opens, closes in windows[reading.date()])


def begins_grid(windows: Windows, reading: datetime) -> bool:
    """Tell whether opening begins at this reading; a day open round the clock begins anew."""
    if not is_open(windows, reading):
        return False
    if not is_open(windows, reading - MINUTE):
        return True
    return reading.time() == time() and all(is_open(windows, reading + n * MINUTE) for n in range(1440))


def passed(tick: Tick) -> Iterator[datetime]:
    """Yield the readings that this minute brings: one, none when the clock waits, many when it jumps."""
    reading = tick.before
    while reading < tick.reading:
        reading += MINUTE
        yield reading


@dataclass(frozen=True)
class Walk:
    """A query on some dates: which minutes are open, and which of the dates' are steps of the grid."""

    query: SlotQuery
    opened: frozenset[int]
    steps: frozenset[int]
    readings: Mapping[int, datetime]
    """What the clock reads at each minute."""


def walk(query: SlotQuery, first: date, last: date) -> Walk:
    """Walk through the dates, and as far as a visit on the last of them reaches."""
    windows, anchor = Windows(query.calendar.hours), None
    ahead = timedelta(seconds=query.service.duration, days=1)
    opened, steps, readings = set[int](), set[int](), dict[int, datetime]()
    for tick in ticks(first - timedelta(days=1), last + ahead, query.zone):
        readings[tick.at] = tick.reading
        if is_open(windows, tick.reading):
            opened.add(tick.at)
            if any(begins_grid(windows, reading) for reading in passed(tick)):
                anchor = tick.at
        on_grid = anchor is not None and (tick.at - anchor) % query.service.step == 0
        if on_grid and first <= tick.reading.date() <= last:
            steps.add(tick.at)
    return Walk(query, frozenset(opened), frozenset(steps), readings)


def closed(walked: Walk, start: int) -> bool:
    return not walked.opened.issuperset(range(start, start + walked.query.service.duration, 60))


def off_grid(walked: Walk, start: int) -> bool:
    return start not in walked.steps


def too_soon(walked: Walk, start: int) -> bool:
    return start - walked.query.now < walked.query.service.min_notice


def too_far(walked: Walk, start: int) -> bool:
    return start - walked.query.now > walked.query.service.horizon


def booked(walked: Walk, start: int) -> bool:
    end = start + walked.query.service.duration
    return any(overlap(start, end, other.visit_start, other.visit_end) for other in others(walked, start))


def full(walked: Walk, start: int) -> bool:
    session = [taken for taken in walked.query.calendar.busy if shares(walked.query.service, taken, start)]
    seats = sum(taken.seats for taken in session)
    return seats + walked.query.places > walked.query.service.capacity


def within_buffer(walked: Walk, start: int) -> bool:
    service = walked.query.service
    begin, end = start - service.buffer_before, start + service.duration + service.buffer_after
    return any(overlap(begin, end, other.busy_start, other.busy_end) for other in others(walked, start))


def others(walked: Walk, start: int) -> list[Busy]:
    query = walked.query
    return [taken for taken in query.calendar.busy if not shares(query.service, taken, start)]


def shares(service: ServicePolicy, taken: Busy, start: int) -> bool:
    return service.capacity > 1 and (taken.service, taken.visit_start) == (service.id, start)


def not_offered(walked: Walk, start: int) -> bool:
    offered = walked.query.offered
    return offered is not None and not lies_within(offered.hours, walked, start)


def too_many(walked: Walk, start: int, most: int | None, days: int) -> bool:
    """Count what begins on the dates of the same day, or week, each session once; joining one adds none."""
    query, service = walked.query, walked.query.service

    def part(moment: int) -> int:
        return (day_of(moment, query.zone).toordinal() - 1) // days

    begun = {taken.visit_start for taken in query.calendar.busy} | set(query.calendar.over)
    same = {moment for moment in begun if part(moment) == part(start)}
    if any(shares(service, taken, start) for taken in query.calendar.busy):
        same.discard(start)
    return most is not None and len(same) + 1 > most


def lies_within(hours: WeeklyHours, walked: Walk, start: int) -> bool:
    windows, minutes = Windows(hours), range(start, start + walked.query.service.duration, 60)
    return all(minute in walked.readings and is_open(windows, walked.readings[minute]) for minute in minutes)


def lacks(walked: Walk, start: int) -> bool:
    """Tell whether the visit lacks something: a unit that nobody else has at any minute of it."""
    query, service = walked.query, walked.query.service
    here = query.place_at(start)
    there = [each for each in query.needs if each.location in {None, here}]
    if {each.location for each in query.needs} - {None} and not {each.location for each in there} - {None}:
        return True
    begin, end = start - service.buffer_before, start + service.duration + service.buffer_after
    in_session = any(shares(service, taken, start) for taken in query.calendar.busy)
    for each in there:
        if each.bounds is not None and not lies_within(each.bounds.hours, walked, start):
            return True
        held = {use.unit for use in each.uses if overlap(begin, end, use.busy_start, use.busy_end)}
        if not in_session and held.issuperset(each.units):
            return True
    return False


def overlap(begin: int, end: int, other_begin: int, other_end: int) -> bool:
    return max(begin, other_begin) < min(end, other_end)


def minutes(low: int, high: int) -> st.SearchStrategy[int]:
    """Draw seconds that are whole minutes."""
    return st.integers(low, high).map(lambda minute: minute * 60)


@dataclass(frozen=True)
class Reference:
    """A rule as the oracle knows it, and the figures that the generator draws for it."""

    refuses: Callable[[Walk, int], bool]
    service: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    """Fields of the service's policy: chosen so that the rule refuses some starts and leaves others."""
    specialist: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    """Fields of the specialist's policy, chosen likewise."""


REFERENCES: Mapping[Reason, Reference] = {
    Reason.CLOSED: Reference(closed, {"duration": minutes(1, 90) | minutes(1, 240) | minutes(1, 2000)}),
    Reason.GRID: Reference(off_grid, {"step": st.sampled_from((900, 1800, 3600)) | minutes(5, 200)}),
    Reason.OFFERED: Reference(not_offered),
    Reason.DAY_FULL: Reference(
        lambda walked, start: too_many(walked, start, walked.query.specialist.max_per_day, 1),
        specialist={"max_per_day": st.none() | st.integers(1, 4)},
    ),
    Reason.WEEK_FULL: Reference(
        lambda walked, start: too_many(walked, start, walked.query.specialist.max_per_week, 7),
        specialist={"max_per_week": st.none() | st.integers(1, 6)},
    ),
    Reason.NOTICE: Reference(too_soon, {"min_notice": minutes(0, 600)}),
    Reason.HORIZON: Reference(too_far, {"horizon": minutes(3000, 9000)}),
    Reason.BOOKED: Reference(booked),
    Reason.FULL: Reference(full, {"capacity": st.sampled_from((1, 2, 3))}),
    Reason.BUFFER: Reference(
        within_buffer, {"buffer_before": minutes(0, 30), "buffer_after": minutes(0, 30)}
    ),
    Reason.RESOURCE: Reference(lacks),
}
"""Each rule in the order in which reasons are given."""


def verdict(walked: Walk, start: int) -> Reason | None:
    """Judge a start: the first rule that refuses it gives the reason."""
    refusing = (reason for reason, rule in REFERENCES.items() if rule.refuses(walked, start))
    return next(refusing, None)
