"""When somebody is told what, by what they chose. Wall-clock times are those of the business."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from worker.scheduling.wallclock import instant

TO_GET_READY: Final = timedelta(hours=1)
"""What is about a visit that begins sooner after the quiet hours is said in them."""
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose; all of it is in minutes after midnight on the business's wall clock."""

    after_visits: bool = True
    """Whether the business may write after a visit."""
    quiet: tuple[int, int] | None = None
    """From when until when no news come."""
    digest: Sequence[int] = ()
    """When news come together; none is at once."""
    evening: int | None = None
    """When the next day's visits come."""


NO_PREFERENCES: Final = Preferences()


def next_at(after: datetime, minutes: Sequence[int], zone: ZoneInfo) -> datetime:
    """Return the first instant behind `after` at which the wall clock comes to one of some minutes of a day.

    Raises ValueError for none.
    """
    first = after.astimezone(zone).date() - A_DAY
    days = [first + number * A_DAY for number in range(4)]
    found = [each for day in days for minute in minutes if (each := _instant(day, minute, zone)) > after]
    return min(found)


def quiet_until(moment: datetime, quiet: tuple[int, int] | None, zone: ZoneInfo) -> datetime:
    """Return when it may be said: the moment itself, or the end of the quiet hours that it is in."""
    if quiet is None or quiet[0] == quiet[1]:
        return moment
    begin, end = quiet
    today = moment.astimezone(zone).date()
    for day in (today - A_DAY, today):
        begins = _instant(day, begin, zone)
        ends = _instant(day if begin < end else day + A_DAY, end, zone)
        if begins <= moment < ends:
            return ends
    return moment


def told_at(noticed: datetime, start: datetime, preferences: Preferences, zone: ZoneInfo) -> datetime:
    """Return when somebody is told news of a visit that begins, or began, at `start`.

    A digest waits for its hour, unless that is on the visit's day or later: this is told at once. Quiet hours
    put off both, unless the visit begins too soon after them.
    """
    told = next_at(noticed, preferences.digest, zone) if preferences.digest else noticed
    if told.astimezone(zone).date() >= start.astimezone(zone).date():
        told = noticed
    ends = quiet_until(told, preferences.quiet, zone)
    return told if start < ends + TO_GET_READY else ends


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant(day, minute, zone), UTC)
