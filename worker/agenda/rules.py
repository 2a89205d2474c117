"""On which days a visit is, how much of each, and which visits nobody is there for."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from worker.scheduling.hours import WeeklyHours, is_open, open_intervals
from worker.visits.repository import Visit

DAY = timedelta(days=1)


class DayShare(Enum):
    """How much of a day a visit takes."""

    WITHIN = 1
    """It begins on that day."""
    END = 2
    """It began before and ends on that day."""
    WHOLE = 3
    """It began before and goes on after it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an agenda: a visit on one of its days, or that a day has none."""

    day: date
    visit: Visit | None = None
    part: DayShare = DayShare.WITHIN


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a day begins on the wall clock."""
    return datetime.combine(day, time(), zone)


def part_of(visit: Visit, day: date, zone: ZoneInfo) -> DayShare | None:
    """Return how much of a day a visit takes; None of one on which it is not. Midnight is the next day's."""
    begins, ends = midnight(day, zone), midnight(day + DAY, zone)
    if visit.end <= begins or visit.start >= ends:
        return None
    if visit.start >= begins:
        return DayShare.WITHIN
    return DayShare.END if visit.end < ends else DayShare.WHOLE


def entries(visits: Sequence[Visit], days: Sequence[date], zone: ZoneInfo) -> Iterator[Entry]:
    """Yield the lines of an agenda, day by day; what goes on from before comes first on a day."""
    for day in days:
        parts = [(visit, part_of(visit, day, zone)) for visit in visits]
        of_day = [Entry(day, visit, part) for visit, part in parts if part is not None]
        yield from sorted(of_day, key=lambda entry: entry.part is DayShare.WITHIN) or [Entry(day)]


def pressing_first(listed: Iterable[Entry], pressing: Collection[int]) -> list[Entry]:
    """Put the lines of these visits (ids) before all others, both by their days."""
    return sorted(listed, key=lambda entry: entry.visit is None or entry.visit.id not in pressing)


def uncovered(
    visits: Sequence[Visit], hours: Mapping[int, WeeklyHours], zone: ZoneInfo, now: datetime
) -> set[int]:
    """Return the ids of the visits to come whose specialist has left, or does not work then.

    `hours` are the specialists' by id; whoever has none is never there. What staff booked outside of the
    hours, by name, is nobody's oversight.
    """
    coming = [visit for visit in visits if visit.is_live and visit.end > now]
    return {visit.id for visit in coming if not _covered(visit, hours.get(visit.specialist_id), zone)}


def _covered(visit: Visit, hours: WeeklyHours | None, zone: ZoneInfo) -> bool:
    if visit.outside:
        return visit.specialist_active
    if hours is None or not visit.specialist_active:
        return False
    first, last = (moment.astimezone(zone).date() for moment in (visit.start, visit.end))
    return is_open(open_intervals(hours, first, last, zone), visit.start, visit.end)
