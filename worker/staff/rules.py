"""On which days a visit is, and how much of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from worker.db.models.booking import Mark
from worker.visits.repository import Visit
from worker.visits.rules import Obstacle, obstacle_to_answer

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


def obstacle_to_call_off(visit: Visit, version: int, now: datetime) -> Obstacle | None:
    """Return what stands in the way of cancelling for the business: what has been cannot be called off."""
    obstacle = obstacle_to_answer(visit, version)
    been = visit.end <= now or visit.mark in {Mark.DONE, Mark.NO_SHOW}
    return Obstacle.OVER if obstacle is None and been else obstacle


def entries(visits: Sequence[Visit], days: Sequence[date], zone: ZoneInfo) -> Iterator[Entry]:
    """Yield the lines of an agenda, day by day; what goes on from before comes first on a day."""
    for day in days:
        parts = [(visit, part_of(visit, day, zone)) for visit in visits]
        of_day = [Entry(day, visit, part) for visit, part in parts if part is not None]
        yield from sorted(of_day, key=lambda entry: entry.part is DayShare.WITHIN) or [Entry(day)]
