"""From the wall clock of a time zone to instants."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = 60
DAY = 86_400
MIDNIGHT = 1440
"""The minute of the day at which the next day begins."""


def instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """Return the first instant (Unix seconds) at which the wall clock has reached this minute of this date.

    A time skipped in spring is the instant of the change, a time read twice in autumn its first reading,
    and minute 1440 the next midnight. The result never decreases as date and minute grow; a date the zone
    left out altogether has no length.
    """
    midnight = _plain_midnight(day, zone)
    if midnight is None:
        return _first_reading(day, minute, zone)
    return midnight + minute * MINUTE


def instants(day: date, minutes: Iterable[int], zone: ZoneInfo) -> list[int]:
    """Return the instants of several minutes of a date, as `instant` would one by one."""
    midnight = _plain_midnight(day, zone)
    if midnight is None:
        return [_first_reading(day, minute, zone) for minute in minutes]
    return [midnight + minute * MINUTE for minute in minutes]


def local(moment: int, zone: ZoneInfo) -> datetime:
    """Return what the wall clock reads at an instant, with its offset."""
    return datetime.fromtimestamp(moment, zone)


def day_of(moment: int, zone: ZoneInfo) -> date:
    """Return the date whose span, from its midnight to the next as `instant` has them, holds the instant."""
    day = local(moment, zone).date()
    if moment >= instant(day, MIDNIGHT, zone):  # set back over midnight: the later date has already begun
        day += timedelta(days=1)
    return day


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday and the Sunday of a date's week; at the very ends of the calendar it is cut off."""
    monday = max(day.toordinal() - day.weekday(), 1)
    sunday = min(day.toordinal() + 6 - day.weekday(), date.max.toordinal())
    return date.fromordinal(monday), date.fromordinal(sunday)


@lru_cache(maxsize=8192)
def _plain_midnight(day: date, zone: ZoneInfo) -> int | None:
    """Return the date's first instant if its clock runs evenly from there, else None."""
    midnight = _reading(day, 0, zone)
    return midnight if _reading(day, MIDNIGHT, zone) - midnight == DAY else None


def _first_reading(day: date, minute: int, zone: ZoneInfo) -> int:
    first, second = _reading(day, minute, zone), _reading(day, minute, zone, fold=1)
    if first <= second:
        return first
    # A skipped time: Python gives one instant on each side of the change, the later one first (PEP 495).
    wanted = _face(datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute))
    return second + bisect_left(range(second, first), wanted, key=lambda moment: _face(local(moment, zone)))


def _reading(day: date, minute: int, zone: ZoneInfo, fold: int = 0) -> int:
    """Return the instant of a wall-clock time's first or second reading (PEP 495)."""
    clock = datetime.combine(day, datetime.min.time(), zone) + timedelta(minutes=minute)
    return int(clock.replace(fold=fold).timestamp())


def _face(clock: datetime) -> int:
    """Return a wall-clock reading as a number of seconds, for comparing."""
    return int(clock.replace(tzinfo=UTC).timestamp())
