"""Where visits come to that move together: each by the same, on the clock of the wall."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from worker.scheduling.wallclock import instant
from worker.visits.repository import Visit

_HOUR = 60


@dataclass(frozen=True, slots=True)
class Shift:
    """A visit, and where it comes to."""

    visit: Visit
    start: datetime
    """When it is wanted."""
    moved: Visit | None
    """The visit as it is then; None where it stays as it is."""


def shift_between(before: datetime, after: datetime, zone: ZoneInfo) -> timedelta:
    """Return by how much the clock of the wall reads more at one instant than at another."""
    return _reading(after, zone) - _reading(before, zone)


def shifted(start: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """Return when the clock of the wall reads so much more, whatever clocks are put to in between."""
    wanted = _reading(start, zone) + by
    moment = instant(wanted.date(), wanted.hour * _HOUR + wanted.minute, zone)
    return datetime.fromtimestamp(moment, UTC)


def _reading(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def out_of_each_others_way(visits: Sequence[Visit], by: timedelta) -> list[Visit]:
    """Order visits, which come soonest first, so that each finds its time left by the one that had it."""
    return list(reversed(visits)) if by > timedelta() else list(visits)


def moving(shifts: Iterable[Shift]) -> list[tuple[Visit, Visit]]:
    """Return the visits that move, each as it was and as it is then."""
    return [(shift.visit, shift.moved) for shift in shifts if shift.moved is not None]


def mark_of_shifts(shifts: Iterable[Shift]) -> int:
    """Put which visits move into a few digits."""
    return crc32(" ".join(f"{visit.id}.{visit.version}" for visit, _ in moving(shifts)).encode())
