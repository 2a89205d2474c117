"""What a refused start is refused for: the visits in its way, the nearest starts, the time that was meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from worker.scheduling.calendars import Busy
from worker.scheduling.engine import check
from worker.scheduling.hours import stretches
from worker.scheduling.rules import Reason, SlotQuery
from worker.scheduling.wallclock import MIDNIGHT, day_of, instant, local

MINUTES_AN_HOUR: Final = 60
HALF_A_DAY: Final = 12
WRITTEN: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.,hч]\s*(?P<minute>\d\d))?\s*(?P<half>[ap])?\.?m?\.?", re.ASCII | re.IGNORECASE
)
JOINED: Final = re.compile(r"(\d{1,2})(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What the rules say about one start with one specialist."""

    query: SlotQuery
    start: int
    reason: Reason | None
    """None where it can be booked."""
    in_the_way: Sequence[Busy]
    """The visits that the reason is about."""


def judge(query: SlotQuery, start: int) -> RuleVerdict:
    """Ask the rules about a start (Unix seconds) of one specialist's."""
    reason = check(query, start)
    return RuleVerdict(query, start, reason, [] if reason is None else in_the_way(query, start, reason))


def in_the_way(query: SlotQuery, start: int, reason: Reason) -> list[Busy]:
    """Return the visits for which a reason refuses a start; none for a reason that is about no visit."""
    service = query.service
    end = start + service.duration
    busy_start, busy_end = start - service.buffer_before, end + service.buffer_after
    near = query.calendar.between(busy_start, busy_end)
    match reason:
        case Reason.BOOKED:
            return [each for each in near if each.visit_start < end and each.visit_end > start]
        case Reason.FULL:
            return [each for each in near if each.visit_start == start and each.service == service.id]
        case Reason.BUFFER:
            return [each for each in near if each.busy_start < busy_end and each.busy_end > busy_start]
        case _:
            return []


def around(query: SlotQuery, start: int) -> tuple[int, int]:
    """Return the last step of the grid before a start that is on none, and the first behind it."""
    day, step = day_of(start, query.zone), query.service.step
    found = stretches(query.calendar.hours, day, query.zone, query.service.duration)
    stretch = next(each for each in found if each.begin <= start < each.end)
    before = start - (start - stretch.anchor) % step
    return before, before + step


def moment_of(query: SlotQuery, day: date, minute: int) -> int | None:
    """Return when the wall clock shows a minute of a date; None where it leaves that minute out."""
    moment = instant(day, minute, query.zone)
    shown = local(moment, query.zone)
    return moment if shown.hour * MINUTES_AN_HOUR + shown.minute == minute else None


def read_time(text: str) -> int | None:
    """Read a time of day as people write it: '15:00', '15.00', '15', '1500', '3 pm'.

    Returns its minute of the day; None for what is none.
    """
    written = " ".join(text.split())
    joined = JOINED.fullmatch(written)
    if joined is not None:
        return _minute(int(joined[1]), int(joined[2]))
    found = WRITTEN.fullmatch(written)
    if found is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and not 1 <= hour <= HALF_A_DAY:
        return None
    if half:
        hour = hour % HALF_A_DAY + (HALF_A_DAY if half == "p" else 0)
    return _minute(hour, int(found["minute"] or 0))


def _minute(hour: int, minute: int) -> int | None:
    whole = hour * MINUTES_AN_HOUR + minute
    return whole if minute < MINUTES_AN_HOUR and whole < MIDNIGHT else None
