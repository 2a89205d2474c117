"""What a refused start is refused for: the visits in its way, the time that was meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from worker.scheduling.calendars import Busy
from worker.scheduling.engine import check
from worker.scheduling.rules import RULES, Reason, SlotQuery
from worker.scheduling.wallclock import MIDNIGHT, instant, local

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
    visits = [each for rule in RULES if rule.reason is reason for each in rule.in_the_way(query, start)]
    return RuleVerdict(query, start, reason, visits)


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
