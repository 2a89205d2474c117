"""When an offer is made and until when it stands: not at night, and never after the notice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from worker.scheduling.wallclock import instant
from worker.visits.rules import TO_ANSWER

ONE_DAY: Final = timedelta(days=1)
A_MINUTE: Final = 60
SHORTEST: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(hours=2)
"""How long an offer stands: a quarter of the time that there is, within these."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is to be woken, in minutes of the wall clock; what ends before it begins ends next day."""

    begins: int = 22 * 60
    ends: int = 8 * 60


QUIET: Final = QuietHours()


@dataclass(frozen=True, slots=True)
class OfferTimes:
    """When somebody is told of an offer, and until when they can take it."""

    told_at: datetime
    deadline: datetime


def offer_times(
    now: datetime, latest: datetime, zone: ZoneInfo, quiet: QuietHours = QUIET
) -> OfferTimes | None:
    """Return when to offer what can be booked until `latest`; None where nobody could answer in time.

    Hours of the night do not count: an offer of the evening stands in the morning.
    """
    told_at = awake(now, zone, quiet)
    stands = min(max((latest - told_at) / 4, SHORTEST), LONGEST)
    deadline = min(_whole_minute(awake_after(told_at, stands, zone, quiet)), latest)
    if deadline < awake_after(told_at, TO_ANSWER, zone, quiet):
        return None
    return OfferTimes(told_at, deadline)


def choice_times(
    now: datetime, latest: datetime, zone: ZoneInfo, within: timedelta, quiet: QuietHours = QUIET
) -> OfferTimes | None:
    """Return when the staff are asked to whom to offer what can be booked until `latest`, and until when.

    They have `within`, nights not counted, and at most half of what is left; None where that is too short, or
    nobody could answer an offer in time that is made after it.
    """
    told_at = awake(now, zone, quiet)
    stands = min(within, (latest - told_at) / 2)
    if stands < TO_ANSWER:
        return None
    deadline = _whole_minute(awake_after(told_at, stands, zone, quiet))
    return None if offer_times(deadline, latest, zone, quiet) is None else OfferTimes(told_at, deadline)


def awake(moment: datetime, zone: ZoneInfo, quiet: QuietHours = QUIET) -> datetime:
    """Return the first moment from this one on that is not at night."""
    ends = [end for begin, end in _nights(moment, zone, quiet) if begin <= moment < end]
    return max(ends, default=moment)


def awake_after(moment: datetime, length: timedelta, zone: ZoneInfo, quiet: QuietHours = QUIET) -> datetime:
    """Return when so much time has passed from a moment on, nights not counted."""
    moment = awake(moment, zone, quiet)
    for begin, end in _nights(moment, zone, quiet):
        if begin >= moment:
            if moment + length <= begin:
                break
            length -= begin - moment
            moment = end
    return moment + length


def _whole_minute(moment: datetime) -> datetime:
    """Return the first whole minute from a moment on: people are told minutes."""
    return moment + timedelta(seconds=-moment.timestamp() % A_MINUTE)


def _nights(moment: datetime, zone: ZoneInfo, quiet: QuietHours) -> Iterator[tuple[datetime, datetime]]:
    """Yield the nights around a moment, in order."""
    if quiet.begins == quiet.ends:
        return
    today = moment.astimezone(zone).date()
    over = ONE_DAY if quiet.begins > quiet.ends else timedelta()
    for days in range(-2, 4):
        day = today + timedelta(days=days)
        yield (_at(day, quiet.begins, zone), _at(day + over, quiet.ends, zone))


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant(day, minute, zone), UTC)
