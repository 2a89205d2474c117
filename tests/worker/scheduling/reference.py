"""The slot rules once more, written the slow and obvious way, to hold the engine against.

It walks through time minute by minute with a clock that never goes back: what a zone sets back, waits until
the old reading is passed again. Everything else follows from which of its readings are open.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from worker.scheduling.agenda import Busy, Calendar
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.rule import Reason, ServiceRule

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


def is_open(hours: WeeklyHours, reading: datetime) -> bool:
    minute = reading.hour * 60 + reading.minute
    day = reading.date()
    windows = hours.exceptions[day] if day in hours.exceptions else hours.weekly.get(day.weekday(), ())
    return any(opens <= minute < closes for opens, closes in windows)


def begins_grid(hours: WeeklyHours, reading: datetime) -> bool:
    """Tell whether opening begins at this reading; a day open round the clock begins anew."""
    if not is_open(hours, reading):
        return False
    if not is_open(hours, reading - MINUTE):
        return True
    return reading.time() == time() and all(is_open(hours, reading + n * MINUTE) for n in range(1440))


def passed(tick: Tick) -> Iterator[datetime]:
    """Yield the readings that this minute brings: one, none when the clock waits, many when it jumps."""
    reading = tick.before
    while reading < tick.reading:
        reading += MINUTE
        yield reading


def open_starts(hours: WeeklyHours, first: date, last: date, zone: ZoneInfo, rule: ServiceRule) -> list[int]:
    """List the starts on the grid of opening hours from which the whole visit lies in them."""
    ahead = timedelta(seconds=rule.duration, days=1)
    walked = ticks(first - timedelta(days=1), last + ahead, zone)
    opened = {tick.at for tick in walked if is_open(hours, tick.reading)}
    starts: list[int] = []
    anchor = None
    for tick in walked:
        if tick.at in opened and any(begins_grid(hours, reading) for reading in passed(tick)):
            anchor = tick.at
        visit = range(tick.at, tick.at + rule.duration, 60)
        on_grid = anchor is not None and (tick.at - anchor) % rule.step == 0
        if on_grid and first <= tick.reading.date() <= last and opened.issuperset(visit):
            starts.append(tick.at)
    return starts


def verdict(rule: ServiceRule, calendar: Calendar, start: int, now: int) -> Reason | None:
    """Judge a start that is on the grid of opening hours by everything but those."""
    if start - now < rule.min_notice:
        return Reason.NOTICE
    if start - now > rule.horizon:
        return Reason.HORIZON
    session = [taken for taken in calendar.busy if shares(rule, taken, start)]
    others = [taken for taken in calendar.busy if not shares(rule, taken, start)]
    end = start + rule.duration
    if any(overlap(start, end, taken.visit_start, taken.visit_end) for taken in others):
        return Reason.BOOKED
    if session and sum(taken.seats for taken in session) + 1 > rule.capacity:
        return Reason.FULL
    begin, end = start - rule.buffer_before, end + rule.buffer_after
    collides = any(overlap(begin, end, taken.busy_start, taken.busy_end) for taken in others)
    return Reason.BUFFER if collides else None


def shares(rule: ServiceRule, taken: Busy, start: int) -> bool:
    return rule.capacity > 1 and (taken.service, taken.visit_start) == (rule.service, start)


def overlap(begin: int, end: int, other_begin: int, other_end: int) -> bool:
    return max(begin, other_begin) < min(end, other_end)
